import { describe, expect, it } from 'vitest';
import { startHeartbeat } from '@/engine/heartbeat';
import { FakeClock } from './fakes';

function setUp(isBusy = false) {
  const clock = new FakeClock();
  const answers: (() => void)[] = [];
  let silences = 0;
  const stop = startHeartbeat({
    clock,
    ping: () => new Promise<void>((resolve) => answers.push(resolve)),
    isBusy: () => isBusy,
    onSilence: () => silences++,
  });
  return { clock, stop, asked: () => answers.length, answer: () => answers.at(-1)?.(), silences: () => silences };
}

describe('the heartbeat', () => {
  it('asks again after every answer', async () => {
    const { clock, answer, asked, silences } = setUp();
    for (let i = 1; i <= 4; i++) {
      expect(asked()).toBe(i);
      answer();
      await clock.advance(1000); // the answer arrives in the first quarter of it
      await clock.advance(250);
    }
    expect(silences()).toBe(0);
  });

  it('reports silence once, and asks no more', async () => {
    const { clock, asked, silences } = setUp();
    await clock.advance(30_000);
    expect(silences()).toBe(1);
    expect(asked()).toBe(1);
  });

  it('waits longer for one that has work', async () => {
    const { clock, silences } = setUp(true);
    await clock.advance(9000);
    expect(silences()).toBe(0);
    await clock.advance(2000);
    expect(silences()).toBe(1);
  });

  it('does not take a page that slept for a worker that died', async () => {
    const { clock, answer, silences } = setUp();
    await clock.jump(3_600_000);
    expect(silences()).toBe(0);
    answer();
    await clock.advance(250);
    expect(silences()).toBe(0);
  });

  it('does notice a worker that died while the page slept', async () => {
    const { clock, silences } = setUp();
    await clock.jump(3_600_000);
    await clock.advance(3000);
    expect(silences()).toBe(1);
  });

  it('says nothing after it was stopped', async () => {
    const { clock, stop, silences } = setUp();
    stop();
    await clock.advance(30_000);
    expect(silences()).toBe(0);
  });
});
