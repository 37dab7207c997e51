/** The rules of `uniform` in LaTeX, with their sources: plain data, so that the page can show them without tfjs. */

/** Of signed values, 2 to 8 bits. @param n how the outermost level follows from the bits */
export function symmetricEquation(n: string): string {
  return String.raw`\hat{x}_i = s \operatorname{clip}\!\left(\left\lfloor \tfrac{x_i}{s} \right\rceil, -n, n\right), \quad s = \tfrac{1}{n} \max_j |x_j|, \quad n = ${n}`;
}

/** Of signed values at 1 bit. */
export const SIGN_EQUATION = String.raw`\hat{x}_i = s \operatorname{sign}(x_i), \quad s = \tfrac{1}{n}\textstyle\sum_j |x_j|, \quad \operatorname{sign}(0) = 1`;

/** Of values that are never negative, 2 to 8 bits. @param n as of `symmetricEquation` */
export function unsignedEquation(n: string): string {
  return String.raw`\hat{p}_i = s \left\lfloor \tfrac{p_i}{s} \right\rceil, \quad s = \tfrac{1}{n} \max_j p_j, \quad n = ${n}`;
}

export const UNIFORM_SOURCE =
  'Krishnamoorthi, Quantizing deep convolutional networks for efficient inference, 2018, arXiv 1806.08342';
export const SIGN_SOURCE = 'Rastegari et al., XNOR-Net, ECCV 2016, arXiv 1603.05279';
