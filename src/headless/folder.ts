import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../data/bytes.ts';
import { printExperiment } from '../model/codec.ts';
import type { Experiment } from '../model/experiment.ts';
import { FaultError } from '../model/fault.ts';
import { parseLines } from '../model/json.ts';
import type { Metrics } from '../model/metrics.ts';
import { makeFolder } from './disk.ts';

/** `summary.json`: written when a run has come to its end. */
export interface Summary {
  readonly step: number;
  readonly epoch: number;
  /** Whether every network's loss ceased to be a number; the run ended there. */
  readonly diverged: boolean;
  /** Seconds of this process, and the training steps that it did in them. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  /** Runs that took these steps in lock-step in these seconds, this one among them. */
  readonly together: number;
  readonly device: { readonly kind: string; readonly name: string; readonly software: boolean };
  readonly dataset: string;
  readonly experiment: ReturnType<typeof printExperiment>;
  /** The last lines of the split `test`. */
  readonly results: readonly Metrics[];
}

const files = { experiment: 'experiment.json', metrics: 'metrics.jsonl', summary: 'summary.json' } as const;
const checkpointName = /^step-(\d{6,})\.safetensors$/;

/** What a run leaves behind. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether a run was ever begun here. */
  get used(): boolean {
    return existsSync(this.#file('metrics'));
  }

  /** How the run here ended; null when it has not. */
  get summary(): Summary | null {
    return existsSync(this.#file('summary')) ? (this.#read('summary') as Summary) : null;
  }

  get experiment(): unknown {
    return this.#read('experiment');
  }

  get metrics(): Metrics[] {
    return parseLines(readFileSync(this.#file('metrics'), 'utf8'), () => this.#damaged('metrics')) as Metrics[];
  }

  /** The checkpoint with the most steps. */
  get lastCheckpoint(): string | null {
    const steps = this.#checkpoints;
    return steps.length === 0 ? null : join(this.path, nameAt(Math.max(...steps)));
  }

  /** Begins a run at step `step`: what an earlier one wrote about later steps is taken back. */
  begin(experiment: Experiment, step: number): void {
    const earlier = step > 0 && this.used ? this.metrics.filter((line) => line.step <= step) : [];
    makeFolder(this.path);
    rmSync(this.#file('summary'), { force: true });
    this.#write(files.experiment, json(printExperiment(experiment)));
    this.#write(files.metrics, earlier.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  log(lines: readonly Metrics[]): void {
    appendFileSync(this.#file('metrics'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  /** Later checkpoints are of a run that this one has left. */
  save(checkpoint: Bytes, step: number): void {
    this.#write(nameAt(step), checkpoint);
    for (const later of this.#checkpoints.filter((each) => each > step)) rmSync(join(this.path, nameAt(later)));
  }

  finish(summary: Summary): void {
    this.#write(files.summary, json(summary));
  }

  /** The steps that checkpoints were written at. */
  get #checkpoints(): number[] {
    const names = existsSync(this.path) ? readdirSync(this.path) : [];
    return names.map((name) => Number(checkpointName.exec(name)?.[1] ?? NaN)).filter((step) => step >= 0);
  }

  #file(file: keyof typeof files): string {
    return join(this.path, files[file]);
  }

  #read(file: keyof typeof files): unknown {
    try {
      return JSON.parse(readFileSync(this.#file(file), 'utf8'));
    } catch {
      return this.#damaged(file);
    }
  }

  #damaged(file: keyof typeof files): never {
    throw new FaultError('invalid', `${this.#file(file)} is damaged. Delete the folder and run it again.`);
  }

  /** A job can be killed at any time: a file is there whole or not at all. */
  #write(name: string, content: string | Bytes): void {
    const path = join(this.path, name);
    writeFileSync(`${path}.part`, content);
    renameSync(`${path}.part`, path);
  }
}

const nameAt = (step: number): string => `step-${String(step).padStart(6, '0')}.safetensors`;

const json = (data: unknown): string => `${JSON.stringify(data, null, 2)}\n`;
