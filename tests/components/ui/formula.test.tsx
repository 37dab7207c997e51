// @vitest-environment jsdom
import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { Explained } from '@/components/ui/explained';
import { Formula } from '@/components/ui/formula';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

const explained = (
  <Explained
    value="0.556"
    title="Cosine similarity"
    latex="\cos(t, s)"
    substituted="0.556"
    terms={[{ symbol: 'n', value: '50' }]}
    source={{ text: 'Nobody 2024', url: 'https://example.org/' }}
  />
);

afterEach(cleanup);

describe('Formula', () => {
  it('shows the LaTeX until KaTeX has come, then mathematics for eye and ear', async () => {
    const { container } = renderInMantine(<Formula latex="\frac{1}{2}" />);
    expect(container.querySelector('code')?.textContent).toBe('\\frac{1}{2}');
    await waitFor(() => expect(container.querySelector('math')).not.toBeNull(), { timeout: 30_000 });
    expect(container.querySelector('math mfrac')).not.toBeNull();
    expect(container.querySelector('.katex-html')?.getAttribute('aria-hidden')).toBe('true');
  });

  it('never becomes markup of its own, and shows what it cannot set', async () => {
    const { container } = renderInMantine(<Formula latex={'\\href{javascript:alert(1)}{x} \\frac{<img src=x>'} />);
    await waitFor(() => expect(container.querySelector('.katex-error')).not.toBeNull(), { timeout: 30_000 });
    expect(container.querySelector('img, a')).toBeNull();
    expect(container.textContent).toContain('\\frac');
  });
});

describe('Explained', () => {
  const button = () => screen.getByRole('button', { name: '0.556' });
  const card = () => screen.queryByRole('dialog');

  it('opens while the pointer rests, stays while the pointer is on the card, and goes with it', async () => {
    renderInMantine(explained);
    const user = userEvent.setup();
    await user.hover(button());
    expect((await screen.findByRole('dialog')).textContent).toContain('Cosine similarity');
    await user.hover(screen.getByText('Cosine similarity'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(card()).not.toBeNull();
    await user.unhover(screen.getByText('Cosine similarity'));
    await waitFor(() => expect(card()).toBeNull());
  });

  it('opens on keyboard focus and goes when the focus goes', async () => {
    renderInMantine(explained);
    const user = userEvent.setup();
    await user.tab();
    expect(document.activeElement).toBe(button());
    expect(await screen.findByRole('dialog', { name: 'Cosine similarity' })).toBeDefined();
    await user.tab();
    expect(card()).toBeNull();
  });

  it('is pinned by Enter or tap, leads to its source, and Escape gives the focus back', async () => {
    renderInMantine(explained);
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('{Enter}');
    const link = await screen.findByRole('link', { name: 'Nobody 2024' });
    await waitFor(() => expect(document.activeElement).toBe(link));
    await user.keyboard('{Escape}');
    expect(card()).toBeNull();
    expect(document.activeElement).toBe(button());
  });
});
