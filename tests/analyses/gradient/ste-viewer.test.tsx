// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { chosenQuantizer, quantizerGroups } from '@/analyses/gradient/quantizer-groups';
import { steSentence } from '@/analyses/gradient/ste-sentence';
import { SteViewer } from '@/analyses/gradient/ste-viewer';
import { makeQuantizer } from '@/tests/analyses/binarizers/fixtures';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

afterEach(cleanup);

const { inputs } = makeQuantizer();
const counted = (insideShare: number | null) =>
  steSentence(makeQuantizer({ inputs: inputs && { ...inputs, insideShare } }));

describe('the list of quantizers', () => {
  const quantizers = [
    makeQuantizer({ id: 'bool', slot: 'elsewhere' }),
    makeQuantizer(),
    makeQuantizer({ id: 'q', slot: 'q' }),
    makeQuantizer({ id: 'k', slot: 'k' }),
    makeQuantizer({ id: 'qkv', slot: 'weight' }),
  ];

  it('goes by slot, in the order in which a picture meets them', () => {
    expect(quantizerGroups(quantizers).map(({ slot }) => slot)).toEqual(['weight', 'q', 'k', 'attention', 'elsewhere']);
  });

  it('opens on the keys, keeps a choice, and falls back where a study lacks it', () => {
    expect(chosenQuantizer(quantizers, null)?.id).toBe('k');
    expect(chosenQuantizer(quantizers, 'q')?.id).toBe('q');
    expect(chosenQuantizer(quantizers, 'gone')?.id).toBe('k');
    expect(chosenQuantizer([], 'q')).toBeNull();
  });
});

describe('what a window lets through, in words', () => {
  it('goes from nothing to everything', () => {
    expect(counted(0)).toMatch(/^No input lies in the window/);
    expect(counted(0.02)).toMatch(/^Only 2\.0/);
    expect(counted(0.55)).toMatch(/55\.0.* the other 45\.0/);
    expect(counted(0.97)).toMatch(/only 3\.0/);
    expect(counted(1)).toMatch(/^Every input/);
    expect(counted(0.9025)).toMatch(/90\.3.* the other 9\.7/);
  });

  it('says n/a where the share is undefined, and why where nothing is counted', () => {
    expect(counted(null)).toContain('n/a');
    expect(steSentence(makeQuantizer({ inputs: null, whyNoInputs: 'The app ships signs only.' }))).toBe(
      'The app ships signs only.',
    );
  });
});

describe('the viewer', () => {
  const study = {
    quantizers: [
      makeQuantizer(),
      makeQuantizer({ id: 'w', slot: 'weight', name: 'Weights', inputs: null, whyNoInputs: 'Not at hand.' }),
    ],
  };

  it('reads forward and derivative by the keyboard', async () => {
    renderInMantine(<SteViewer study={study} />);
    const reader = screen.getByRole('slider');
    reader.focus();
    await userEvent.keyboard('{End}');
    expect(reader.getAttribute('aria-valuetext')).toBe('x 0.23, forward 0.08, derivative 0');
    await userEvent.keyboard('{Home}');
    expect(reader.getAttribute('aria-valuetext')).toBe('x −0.01, forward 0, derivative 0');
    await userEvent.keyboard('{PageUp}{PageUp}{ArrowLeft}');
    expect(reader.getAttribute('aria-valuetext')).toBe('x 0.028, forward 0, derivative 1');
  });

  it('says why where there are no inputs, instead of drawing any', async () => {
    renderInMantine(<SteViewer study={study} />);
    await userEvent.click(screen.getByRole('radio', { name: /^Weights/ }));
    expect(screen.getByText('Not at hand.')).toBeTruthy();
    expect(screen.queryByText('log counts')).toBeNull();
  });

  it('is a table by bars, or by samples where nothing was counted', async () => {
    renderInMantine(<SteViewer study={study} />);
    await userEvent.click(screen.getByRole('button', { name: 'View as table' }));
    const rows = () => within(screen.getByRole('table')).getAllByRole('row').slice(1);
    expect(rows()).toHaveLength(3);
    expect(rows()[1]?.textContent).toMatch(/0\.07 … 0\.14.*8$/);
    await userEvent.click(screen.getByRole('radio', { name: /^Weights/ }));
    expect(rows()).toHaveLength(25);
  });
});
