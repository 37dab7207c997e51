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

/** A decade of a log axis: `10⁻³`. */
export function formatPowerOfTen(exponent: number): string {
  return `10${superscript(exponent)}`;
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

/** Bytes in the largest decimal unit that fits: `68 kB`, `12.3 MB`, `10.7 GB`. */
export function formatBytes(bytes: MaybeNumber): string {
  if (!isNumber(bytes)) return NOT_AVAILABLE;
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)}${THIN_SPACE}GB`;
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)}${THIN_SPACE}kB` : `${(bytes / 1e6).toFixed(1)}${THIN_SPACE}MB`;
}

/** Milliseconds, and seconds from ten of them on: `12.3 ms`, `123 ms`, `12.3 s`. */
export function formatMs(ms: MaybeNumber): string {
  if (!isNumber(ms)) return NOT_AVAILABLE;
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)}${THIN_SPACE}s`;
  return `${ms < 100 ? ms.toFixed(1) : Math.round(ms)}${THIN_SPACE}ms`;
}

/** Milliseconds with two decimals below ten of them: what takes tenths of one. */
export function formatShortMs(ms: MaybeNumber): string {
  return isNumber(ms) && ms < 10 ? `${formatFixed(ms)}${THIN_SPACE}ms` : formatMs(ms);
}

/** Operations as the tables of the field have them, in millions: `1261.0 M`, `28.90 M`, `0.192 M`; few of them as `3.07 k` or `640`. */
export function formatOperations(count: MaybeNumber): string {
  if (!isNumber(count)) return NOT_AVAILABLE;
  if (count < 1000) return Number.isInteger(count) ? String(count) : count.toFixed(1);
  if (count < 1e5) return `${(count / 1e3).toFixed(count < 1e4 ? 2 : 1)}${THIN_SPACE}k`;
  if (count >= 1e10) return `${(count / 1e9).toFixed(2)}${THIN_SPACE}G`;
  const millions = count / 1e6;
  return `${millions.toFixed(millions < 10 ? 3 : millions < 1000 ? 2 : 1)}${THIN_SPACE}M`;
}

/** A width of numbers: `1 bit`, `8 bits`. */
export function formatBits(bits: number): string {
  return bits === 1 ? '1 bit' : `${bits} bits`;
}

/** How many times as much: `26.0×`. */
export function formatTimes(ratio: MaybeNumber): string {
  return isNumber(ratio) ? `${formatFixed(ratio, 1)}×` : NOT_AVAILABLE;
}

/** To the last digit, in groups of three: `5,717,416`. */
export function formatCount(count: MaybeNumber): string {
  return isNumber(count) ? count.toLocaleString('en') : NOT_AVAILABLE;
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
