import type { LaunchOptions } from '@playwright/test';

type Provide = (options: LaunchOptions) => Promise<void>;

/** For `test.use`: Chromium's own camera, which shows a moving test picture, and nobody is asked for it. */
export const FAKE_CAMERA = {
  permissions: ['camera'],
  launchOptions: async ({ launchOptions }: { readonly launchOptions: LaunchOptions }, provide: Provide) => {
    const fake = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
    await provide({ ...launchOptions, args: [...(launchOptions.args ?? []), ...fake] });
  },
};
