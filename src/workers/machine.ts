import { browserHost, openWebgpu, type WebGpuProblem } from '../gpu/adapter.ts';
import { cpuDevice } from '../gpu/cpu.ts';
import type { Device } from '../gpu/device.ts';
import { FaultError } from '../model/fault.ts';
import type { DeviceInfo, DeviceKind } from './protocol.ts';

/** A device in use, and why it is not the one that was asked for, if it is not. */
interface Place {
  readonly device: Device | null;
  readonly problem: DeviceInfo['problem'];
  readonly wanted: DeviceKind;
}

/** What the worker trains on: one device at a time, of the kind that the visitor wants as far as there is one. */
export class Machine {
  #place: Place = { device: null, problem: null, wanted: 'webgpu' };
  readonly #lost = new WeakSet<Device>();
  readonly #onLoss: () => void;

  /** `onLoss` is called when the device in use is lost: then there is none. */
  constructor(onLoss: () => void) {
    this.#onLoss = onLoss;
  }

  /** Null while there is none. */
  get info(): DeviceInfo | null {
    const { device, problem } = this.#place;
    return device && { kind: device.kind, name: device.name, software: device.software, problem };
  }

  /** Where it trains now, to come back to. */
  get place(): Place {
    return this.#place;
  }

  /** From the next device on; one that could not be had may be there now. */
  want(wanted: DeviceKind): void {
    this.#place = { ...this.#place, wanted, problem: null };
  }

  /** The device in use, or a new one where it is not of the kind that is wanted or cannot bind `bytes` at once. */
  async fitting(bytes: number): Promise<Device> {
    const { device, problem, wanted } = this.#place;
    const asWanted = device !== null && (device.kind === wanted || problem !== null);
    return asWanted && bytes <= device.bindableBytes ? device : this.open(bytes);
  }

  /** A new device, in place of the one in use, which is left as it is. Where there is no GPU it is the CPU. */
  async open(bytes: number): Promise<Device> {
    const opened = await this.#wanted(bytes);
    return typeof opened === 'string' ? this.#use(cpuDevice(), opened) : this.#use(opened, null);
  }

  /** A new device of the kind that is wanted. Throws a FaultError('device-lost') while the browser has no GPU to give. */
  async reopen(bytes: number): Promise<Device> {
    const opened = await this.#wanted(bytes);
    // It may still be starting its GPU process again.
    if (typeof opened === 'string') throw new FaultError('device-lost', 'The GPU is not back yet.', opened);
    return this.#use(opened, null);
  }

  async #wanted(bytes: number): Promise<Device | WebGpuProblem> {
    return this.#place.wanted === 'cpu' ? cpuDevice() : openWebgpu(browserHost(), bytes);
  }

  #use(device: Device, problem: DeviceInfo['problem']): Device {
    const { wanted } = this.#place;
    this.#place = { device, problem, wanted };
    void device.lost.then(() => {
      this.#lost.add(device);
      this.#notice();
    });
    return device;
  }

  /** Gives up the device in use for the one of an earlier place, if it is another. */
  backTo(place: Place): void {
    if (place.device !== this.#place.device) this.#place.device?.destroy();
    this.#place = place;
    this.#notice();
  }

  /** Gives up the device of an earlier place, if it is another than the one in use. */
  leave({ device }: Place): void {
    if (device !== this.#place.device) device?.destroy();
  }

  /** Gives up the device in use. */
  drop(): void {
    const { device } = this.#place;
    this.#place = { ...this.#place, device: null };
    device?.destroy();
  }

  /** A device that was given back is no loss; one that is come back to may have been lost meanwhile. */
  #notice(): void {
    const { device } = this.#place;
    if (device === null || !this.#lost.has(device)) return;
    this.#place = { ...this.#place, device: null };
    this.#onLoss();
  }
}
