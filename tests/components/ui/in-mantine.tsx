import { MantineProvider } from '@mantine/core';
import { render, type RenderResult } from '@testing-library/react';
import type { ReactElement } from 'react';
import { vi } from 'vitest';

// What jsdom lacks and Mantine and the charts ask for; without a context a canvas stays blank.
window.matchMedia = (media) =>
  Object.assign(new EventTarget(), {
    media,
    matches: false,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
window.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
HTMLCanvasElement.prototype.getContext = () => null;
// user-event walks radio buttons by it.
vi.stubGlobal('CSS', { escape: (text: string) => text.replace(/[^\w-]/g, '\\$&') });

/** Renders under Mantine without its transitions. */
export function renderInMantine(element: ReactElement): RenderResult {
  return render(element, { wrapper: ({ children }) => <MantineProvider env="test">{children}</MantineProvider> });
}
