// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Block } from '@/components/ui/block';
import { Examples } from '@/components/ui/examples';
import { NoticeList } from '@/components/ui/notice-list';
import { ScaleBadge } from '@/components/ui/scale-badge';
import { Segmented } from '@/components/ui/segmented';
import { StatusTracker } from '@/components/ui/status-tracker';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

afterEach(cleanup);

describe('Block', () => {
  it('is a region named by its heading', () => {
    renderInMantine(
      <Block title="Attention" detail="layer 3" actions={<button type="button">plain</button>} help="Click a patch.">
        content
      </Block>,
    );
    const region = within(screen.getByRole('region', { name: 'Attention' }));
    expect(region.getByRole('heading', { level: 2 }).textContent).toBe('Attention');
    expect(region.getByText('content')).toBeDefined();
    expect(region.getByRole('button', { name: 'plain' })).toBeDefined();
    expect(region.getByText('Click a patch.')).toBeDefined();
  });
});

describe('Segmented', () => {
  it('is a named group of radio buttons that arrows move in', async () => {
    const onChange = vi.fn();
    renderInMantine(
      <Segmented
        label="Map"
        options={[
          { value: 'softmaxed', label: 'softmaxed' },
          { value: 'binarized', label: 'binarized' },
        ]}
        value="softmaxed"
        onChange={onChange}
      />,
    );
    expect(screen.getByRole('radiogroup', { name: 'Map' })).toBeDefined();
    const user = userEvent.setup();
    await user.click(screen.getByRole('radio', { name: 'binarized' }));
    expect(onChange).toHaveBeenCalledWith('binarized');
  });
});

describe('StatusTracker', () => {
  it('speaks its text, shows progress and can be cancelled', async () => {
    const onCancel = vi.fn();
    renderInMantine(
      <StatusTracker
        phase="running"
        text="running Bi-ViT"
        progress={0.4}
        onCancel={onCancel}
        facts={[{ name: 'backend', value: 'wasm' }]}
      />,
    );
    expect(screen.getByRole('status').textContent).toBe('running Bi-ViT');
    expect(screen.getByRole('progressbar', { name: 'running Bi-ViT' }).getAttribute('aria-valuenow')).toBe('40');
    expect(screen.getByText('wasm')).toBeDefined();
    await userEvent.setup().click(screen.getByRole('button', { name: 'Cancel' }));
    expect(onCancel).toHaveBeenCalledOnce();
  });

  it('shows no bar when nothing is under way', () => {
    renderInMantine(<StatusTracker phase="ready" text="ready" />);
    expect(screen.queryByRole('progressbar')).toBeNull();
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('Examples', () => {
  it('names every picture and chooses by click and by arrows', async () => {
    const onSelect = vi.fn();
    function Strip() {
      const [selected, setSelected] = useState<string | null>('a');
      return (
        <Examples
          label="Samples"
          examples={['a', 'b', 'c'].map((id) => ({ id, name: `sample ${id}`, thumbnail: <i /> }))}
          selected={selected}
          onSelect={(id) => {
            setSelected(id);
            onSelect(id);
          }}
        />
      );
    }
    renderInMantine(<Strip />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('radio', { name: 'sample b' }));
    await user.keyboard('{ArrowRight}');
    expect(onSelect.mock.calls.flat()).toEqual(['b', 'c']);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'sample c' }).checked).toBe(true);
  });
});

describe('NoticeList', () => {
  it('interrupts for errors, waits with the rest, and says the kind in a word', async () => {
    const onDismiss = vi.fn();
    const onClick = vi.fn();
    renderInMantine(
      <NoticeList
        notices={[
          { id: 'e', kind: 'error', text: 'This is no picture.' },
          { id: 'w', kind: 'warning', text: 'The engine was restarted.', action: { label: 'Run again', onClick } },
        ]}
        onDismiss={onDismiss}
      />,
    );
    expect(screen.getByRole('alert').textContent).toBe('Error. This is no picture.');
    expect(screen.getByRole('status').textContent).toContain('Warning. The engine was restarted.');
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Run again' }));
    expect(onClick).toHaveBeenCalledOnce();
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Dismiss' }));
    expect(onDismiss).toHaveBeenCalledExactlyOnceWith('e');
  });

  it('keeps both regions while there is nothing to say, so that the first notice is heard', () => {
    renderInMantine(<NoticeList notices={[]} onDismiss={vi.fn()} />);
    expect(screen.getByRole('alert').textContent).toBe('');
    expect(screen.getByRole('status').textContent).toBe('');
  });
});

describe('ScaleBadge', () => {
  it('says that a normalized scale hides distortion', () => {
    renderInMantine(<ScaleBadge scale="per-head" />);
    expect(screen.getByText('normalized per head: hides distortion')).toBeDefined();
  });
});
