'use client';

import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { BrowserLens } from '@/components/panels/browser-lens';
import { cssVariablesResolver, theme } from './theme';

/** What every route stands on: the theme, and the lens. */
export function Providers({ children }: { readonly children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <BrowserLens>{children}</BrowserLens>
    </MantineProvider>
  );
}
