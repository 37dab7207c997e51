/** The address of the paper that a source names by its arXiv number or DOI; `null` for one that names neither. */
export function paperUrl(source: string): string | null {
  const arxiv = /arXiv[: ](\d{4}\.\d{4,5})/i.exec(source)?.[1];
  if (arxiv !== undefined) return `https://arxiv.org/abs/${arxiv}`;
  const doi = /doi:\s?(10\.\d{4,}\/[^\s,;)]+)/i.exec(source)?.[1];
  return doi === undefined ? null : `https://doi.org/${doi}`;
}
