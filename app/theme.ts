import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** The one accent. Shade 6 is for shapes (3:1 on white), shade 7 for text and for white on it (4.5:1). */
const flame: MantineColorsTuple = [
  '#fff4ec',
  '#ffe4d1',
  '#ffc9a3',
  '#ffab73',
  '#ff8f4a',
  '#f4701f',
  '#e8590c',
  '#c2410c',
  '#9a3412',
  '#7c2d12',
];

/** Greys of the dark scheme, bluish as those of globals.css; Mantine's fields and menus take theirs from here. */
const dark: MantineColorsTuple = [
  '#e7eaf0',
  '#c3cad6',
  '#a1abba',
  '#727d8f',
  '#3a4250',
  '#2a313d',
  '#1b2029',
  '#161a21',
  '#12161c',
  '#0e1116',
];

/** Mantine's side of the design; the other side is the variables of globals.css, which both share. */
export const theme = createTheme({
  primaryColor: 'flame',
  primaryShade: { light: 7, dark: 4 },
  colors: { flame, dark },
  autoContrast: true,
  // Mantine chooses the letters on the accent once, for the light scheme; in the dark one they would be white on light orange.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    const isAccent = input.variant === 'filled' && (input.color ?? 'flame') === 'flame';
    return isAccent ? { ...colors, color: 'var(--lens-on-accent)' } : colors;
  },
  // The focus ring is globals.css's, in a colour that is not the selection's.
  focusRing: 'never',
  respectReducedMotion: true,
  cursorType: 'pointer',
  defaultRadius: 'md',
  fontFamily: "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '10px', xl: '14px' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
});

/** Hands Mantine's own variables the colours of globals.css, so that its components stand on the same paper. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--lens-card)',
    '--mantine-color-text': 'var(--lens-text)',
    '--mantine-color-dimmed': 'var(--lens-dim)',
    '--mantine-color-placeholder': 'var(--lens-dim)',
    '--mantine-color-anchor': 'var(--lens-accent-text)',
    '--mantine-color-default': 'var(--lens-card)',
    '--mantine-color-default-hover': 'var(--lens-hover)',
    '--mantine-color-default-color': 'var(--lens-text)',
    '--mantine-color-default-border': 'var(--lens-border-strong)',
    '--mantine-color-error': 'var(--lens-bad)',
  };
  return { variables: {}, light: shared, dark: shared };
};
