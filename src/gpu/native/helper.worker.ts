import type { Crew, Invitation } from './native.ts';

/** A thread that computes tiles of the jobs that its owner announces, until it is terminated. */
addEventListener('message', ({ data }: MessageEvent<Invitation>) => {
  const { module, memory, jobs, scratch } = data;
  const crew = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Crew;
  crew.join(jobs, scratch);
  crew.help();
});
