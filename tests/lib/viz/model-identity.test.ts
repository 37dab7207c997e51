import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rgb } from 'd3-color';
import { describe, expect, it } from 'vitest';
import { contrastRatio } from '@/lib/viz/contrast';
import { markerPath, modelIdentity } from '@/lib/viz/model-identity';
import type { Rgb } from '@/lib/viz/ramps';
import { MODEL_IDS } from '@/tests/fashion-mnist';

const css = readFileSync(fileURLToPath(new URL('../../../app/globals.css', import.meta.url)), 'utf8');
const [lightCss = '', darkCss = ''] = css.split(":root[data-mantine-color-scheme='dark'] {");

function variable(sheet: string, name: string): string | undefined {
  return new RegExp(`--lens-${name}: (#[0-9a-f]{6});`).exec(sheet)?.[1];
}

function toRgb(hex: string | undefined): Rgb {
  const { r, g, b } = rgb(hex ?? '');
  return [r, g, b];
}

describe('the models’ identities', () => {
  it('are the same in the style sheet', () => {
    for (const id of [...MODEL_IDS, 'other']) {
      const identity = modelIdentity(id);
      expect(identity.color).toBe(`var(--lens-model-${id})`);
      expect(variable(lightCss, `model-${id}`)).toBe(identity.light);
      expect(variable(darkCss, `model-${id}`)).toBe(identity.dark);
    }
  });

  it('do not rest on colour: no two share a marker or a dash', () => {
    const all = MODEL_IDS.map((id) => modelIdentity(id));
    expect(new Set(all.map(({ marker }) => marker)).size).toBe(all.length);
    expect(new Set(all.map(({ dash }) => dash)).size).toBe(all.length);
    expect(new Set(all.map(({ marker }) => markerPath(marker, 4))).size).toBe(all.length);
  });

  it('stand out from the card, 3:1, in both schemes', () => {
    for (const id of MODEL_IDS) {
      expect(contrastRatio(toRgb(modelIdentity(id).light), toRgb(variable(lightCss, 'card')))).toBeGreaterThan(3);
      expect(contrastRatio(toRgb(modelIdentity(id).dark), toRgb(variable(darkCss, 'card')))).toBeGreaterThan(3);
    }
  });
});

describe('the shared colours', () => {
  it('give text 4.5:1 on every paper it stands on, in both schemes', () => {
    for (const sheet of [lightCss, darkCss]) {
      for (const ink of ['text', 'dim', 'accent-text', 'good', 'bad', 'warn']) {
        for (const paper of ['card', 'page', 'sunken', 'hover']) {
          const ratio = contrastRatio(toRgb(variable(sheet, ink)), toRgb(variable(sheet, paper)));
          expect(ratio, `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
        }
      }
      const pairs = [
        ['ink-text', 'ink'],
        ['accent-text', 'accent-soft'],
        ['dim', 'accent-soft'],
        ['text', 'accent-soft'],
        ['warn', 'warn-soft'],
      ];
      for (const [ink = '', paper = ''] of pairs) {
        const ratio = contrastRatio(toRgb(variable(sheet, ink)), toRgb(variable(sheet, paper)));
        expect(ratio, `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
      }
      for (const shape of ['accent', 'focus', 'edge']) {
        const ratio = contrastRatio(toRgb(variable(sheet, shape)), toRgb(variable(sheet, 'card')));
        expect(ratio, shape).toBeGreaterThanOrEqual(3);
      }
    }
  });
});
