import type { WebGpuProblem } from '../../workers/protocol.ts';

/** Why WebGPU is missing, and what to do about it. */
export const remedies: Readonly<Record<WebGpuProblem, { readonly cause: string; readonly remedy: string }>> = {
  'insecure-context': {
    cause: 'This address is not secure, and browsers offer WebGPU only to secure pages.',
    remedy: 'Open the page over https, or as http://localhost on the machine that serves it.',
  },
  'no-api': {
    cause: 'This browser has no WebGPU.',
    remedy: 'Chrome or Edge 113, Safari 26 and Firefox 141 on Windows (145 on macOS), or later ones, have it.',
  },
  'no-adapter': {
    cause: 'The browser has WebGPU but found no graphics adapter that it may use.',
    remedy:
      'Update the graphics driver and look at chrome://gpu: a blocklisted driver can be allowed with chrome://flags/#enable-unsafe-webgpu. On Linux, Chrome may need --enable-features=Vulkan.',
  },
  'device-refused': {
    cause: 'The graphics adapter refused the device that the lab asked for.',
    remedy:
      'Close other pages that use the GPU and reload; if that does not help, restart the browser or update the driver.',
  },
};
