import katex from 'katex';
import 'katex/dist/katex.min.css';

/**
 * LaTeX as HTML for the eye and MathML for assistive technology. What cannot be set comes out as its source, in the colour of an error.
 * The result is safe to insert: KaTeX escapes text and `trust: false` leaves no way to write links, classes or HTML.
 */
export function renderFormula(latex: string, display: boolean): string {
  return katex.renderToString(latex, {
    displayMode: display,
    output: 'htmlAndMathml',
    throwOnError: false,
    trust: false,
  });
}
