/**
 * A number for KaTeX: four significant digits, powers of ten outside 1e-3 ... 1e6, a dash where undefined.
 *
 * Whole numbers are kept to the last digit, because counts of pairs are what explains a tau.
 */
export function latexNumber(value: number | null): string {
  if (value === null) return '\\text{–}';
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value === 0 ? 0 : value); // no minus zero
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e6) return String(Number(value.toPrecision(4)));
  const [digits, exponent] = value.toExponential(3).split('e');
  return `${Number(digits)} \\times 10^{${Number(exponent)}}`;
}

/** The same, in parentheses where a minus sign would run into an operator. */
export function latexOperand(value: number | null): string {
  return value !== null && value < 0 ? `(${latexNumber(value)})` : latexNumber(value);
}
