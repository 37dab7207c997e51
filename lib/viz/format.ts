/**
 * Numbers as people read them. An undefined one is "n/a", never 0; the minus sign is a minus sign, not a hyphen.
 */
export const NOT_AVAILABLE = 'n/a';

const MINUS = '\u2212';
const THIN_SPACE = '\u202f';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

type MaybeNumber = number | null | undefined;

/** Three significant digits by default; powers of ten below 1e-3 and from 1e6 on. */
export function formatNumber(value: MaybeNumber, significantDigits = 3): string {
  if (!isNumber(value)) return NOT_AVAILABLE;
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude < 1e-3 || magnitude >= 1e6) {
    const [digits = '', exponent = ''] = value.toExponential(Math.max(0, significantDigits - 1)).split('e');
    return `${withMinus(trimZeros(digits))}${THIN_SPACE}×${THIN_SPACE}10${superscript(Number(exponent))}`;
  }
  const whole = Math.max(0, significantDigits - 1 - Math.floor(Math.log10(magnitude)));
  return withMinus(trimZeros(value.toFixed(Math.min(20, whole))));
}

/** A fixed number of decimals, for columns and cells: `0.43`. */
export function formatFixed(value: MaybeNumber, decimals = 2): string {
  return isNumber(value) ? withMinus(withoutMinusZero(value.toFixed(decimals))) : NOT_AVAILABLE;
}

/** With its sign, for differences: `+0.03`, `−0.12`, `0.00`. */
export function formatSigned(value: MaybeNumber, decimals = 3): string {
  if (!isNumber(value)) return NOT_AVAILABLE;
  const text = formatFixed(value, decimals);
  return Number(value.toFixed(decimals)) > 0 ? `+${text}` : text;
}

/** A share as a percentage: 0.183 becomes `18.3 %`. */
export function formatPercent(share: MaybeNumber, decimals = 1): string {
  return isNumber(share) ? `${formatFixed(100 * share, decimals)}${THIN_SPACE}%` : NOT_AVAILABLE;
}

function isNumber(value: MaybeNumber): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

function withoutMinusZero(digits: string): string {
  return /^-0(\.0*)?$/.test(digits) ? digits.slice(1) : digits;
}

function withMinus(digits: string): string {
  return digits.replace(/^-/, MINUS);
}

function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)] ?? '').join('');
  return exponent < 0 ? `⁻${digits}` : digits;
}
