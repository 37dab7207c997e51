// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useAnnounceAtRest } from '@/components/charts/announce';

/** A chart under a pointer that has just come to rest on it. */
function Pointed({ sentence }: { readonly sentence: string }) {
  const announceAtRest = useAnnounceAtRest();
  return <button ref={(button) => (button === null ? undefined : announceAtRest(sentence))} />;
}

const said = () => document.querySelector('[role="status"]')?.textContent ?? '';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('useAnnounceAtRest', () => {
  it('says what the pointer rests on', () => {
    render(<Pointed sentence="layer 1: 0.2" />);
    vi.runAllTimers();
    expect(said()).toBe('layer 1: 0.2');
  });

  it('says nothing of a chart that is gone by then', () => {
    const { unmount } = render(<Pointed sentence="layer 2: 0.3" />);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
    vi.runAllTimers();
    expect(said()).not.toContain('layer 2');
  });
});
