// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { Staged } from '@/components/analysis/staged';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import { CalmContext, useAppState } from '@/state/use-app-state';
import { renderInApp } from '@/tests/components/fake-app';

describe('a tab of several panels', () => {
  it('has all of them in the end, in their order, and says that it is busy until then', async () => {
    renderInApp(
      <Staged>
        <p>one</p>
        <p>two</p>
        <p>three</p>
      </Staged>,
    );
    await waitFor(() => expect(screen.getAllByText(/one|two|three/)).toHaveLength(3));
    expect(screen.getAllByText(/one|two|three/).map(({ textContent }) => textContent)).toEqual(['one', 'two', 'three']);
    expect(screen.getByText('one').parentElement?.getAttribute('aria-busy')).toBe('false');
  });
});

describe('a panel that reads the state calmly', () => {
  function Layer({ id }: { readonly id: string }) {
    const layer = useAppState((state) => state.selection.layer);
    return <output aria-label={id}>{layer}</output>;
  }

  it('shows what the others show as soon as it is drawn again', async () => {
    const { app } = renderInApp(
      <>
        <Layer id="at once" />
        <CalmContext value>
          <Layer id="calm" />
        </CalmContext>
      </>,
    );
    const shown = (name: string): string | null => screen.getByRole('status', { name }).textContent;
    expect([shown('at once'), shown('calm')]).toEqual(['0', '0']);
    for (const layer of [2, 1, 3]) {
      act(() => app.store.setState(({ selection }) => ({ selection: { ...selection, layer } })));
      await waitFor(() => expect([shown('at once'), shown('calm')]).toEqual([String(layer), String(layer)]));
    }
  });

  it('follows another selector, and what changed while that was not looked at', async () => {
    function Field() {
      const [field, choose] = useState<'layer' | 'head'>('layer');
      const value = useAppState((state) => state.selection[field]);
      return <button onClick={() => choose('head')}>{`${field} ${value}`}</button>;
    }
    const { app } = renderInApp(
      <CalmContext value>
        <Field />
      </CalmContext>,
      { selection: { ...DEFAULT_SELECTION, layer: 2, head: 0 } },
    );
    act(() => app.store.setState(({ selection }) => ({ selection: { ...selection, head: 1 } })));
    fireEvent.click(screen.getByRole('button', { name: 'layer 2' }));
    expect(await screen.findByRole('button', { name: 'head 1' })).toBeTruthy();
  });
});
