import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { openWebgpu } from '../gpu/adapter.ts';
import { cpuDevice } from '../gpu/cpu.ts';
import type { Device, DeviceKind } from '../gpu/device.ts';
import { FaultError } from '../model/fault.ts';
import { fileMemory } from './memory.ts';

/** Dawn stops working when nobody holds it any more, and keeps the process alive as long as somebody does. */
const held = new Set<GPU>();

/**
 * Opens the device that can bind `bytes` at once: WebGPU by Dawn, on a GPU or else on the SwiftShader of an installed
 * Chrome or Chromium, or the CPU alone.
 * @throws FaultError('no-webgpu') that says what to install
 */
export async function openDevice(kind: DeviceKind, bytes: number): Promise<Device> {
  if (kind === 'cpu') return cpuDevice();
  const { create, globals } = await import('webgpu').catch((error: Error) => {
    throw new FaultError('no-webgpu', `Dawn cannot be loaded on this machine (${error.message}). ${remedy}`);
  });
  Object.assign(globalThis, globals);
  const folder = process.platform === 'linux' ? swiftshaderFolder() : undefined;
  if (folder !== undefined) ensureVulkan(folder);
  const chooseSwiftshader = (): void => {
    if (folder !== undefined) process.env['VK_DRIVER_FILES'] = process.env['VK_ICD_FILENAMES'] = join(folder, manifest);
  };
  // Without any driver, asking for a GPU would only make the loader complain.
  if (!hasVulkanDriver()) chooseSwiftshader();
  const open = (): Promise<Device | string> => {
    const gpu = create([]);
    held.add(gpu);
    return openWebgpu({ gpu, secure: true, memory: fileMemory }, bytes);
  };
  let device = await open();
  if (device === 'no-adapter' && !isDriverChosen()) {
    chooseSwiftshader();
    device = await open();
  }
  if (typeof device !== 'string') return device;
  held.clear();
  throw new FaultError(
    'no-webgpu',
    device === 'no-adapter'
      ? `Dawn finds no GPU here, and no SwiftShader to do without. ${remedy}`
      : `The GPU's driver gives no device (${device}). ${remedy}`,
  );
}

/** Lets go of a device; the process can end afterwards. */
export function closeDevice(device: Device): void {
  device.destroy();
  held.clear();
}

const remedy =
  'Install the driver of your GPU (on Linux with its Vulkan part), or Chromium for its software GPU ' +
  '(Debian: apt-get install chromium; anywhere: npx playwright install chromium), or compute without WebGPU: --device cpu';

const isDriverChosen = (): boolean => Boolean(process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES']);

/** Whether the user chose a Vulkan driver, or one is installed where Linux keeps them. */
const hasVulkanDriver = (): boolean =>
  isDriverChosen() ||
  ['/usr/share', '/usr/local/share', '/etc', join(homedir(), '.local/share')]
    .map((root) => join(root, 'vulkan/icd.d'))
    .some((folder) => existsSync(folder) && readdirSync(folder).length > 0);

const manifest = 'vk_swiftshader_icd.json';

/** The folder of an installed Chrome or Chromium in which SwiftShader lies, if there is one. */
export function swiftshaderFolder(): string | undefined {
  const chosen = process.env['CHROME_PATH'];
  const downloads = join(homedir(), '.cache/ms-playwright');
  const downloaded = existsSync(downloads) ? readdirSync(downloads).filter((name) => name.startsWith('chromium')) : [];
  const folders = [
    ...(chosen && existsSync(chosen) ? [dirname(realpathSync(chosen))] : []),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    '/snap/chromium/current/usr/lib/chromium-browser',
    ...downloaded.flatMap((name) => ['chrome-linux', 'chrome-linux64'].map((leaf) => join(downloads, name, leaf))),
  ];
  return folders.find((folder) => existsSync(join(folder, manifest)));
}

/**
 * Dawn asks the system for libvulkan.so.1, which a machine without a GPU may lack; Chrome brings one of its own. Once it is
 * in the process, Dawn's own request finds it.
 */
function ensureVulkan(folder: string): void {
  const keep = 0x1000; // RTLD_NODELETE, in glibc and musl: Node closes what turns out to be no addon.
  for (const library of ['libvulkan.so.1', join(folder, 'libvulkan.so.1')])
    try {
      process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | keep);
    } catch (error) {
      // "Did not self-register" is Node's word for a library that was loaded, but is no addon.
      if (error instanceof Error && error.message.includes('self-register')) return;
    }
}
