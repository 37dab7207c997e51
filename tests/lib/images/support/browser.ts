import { createServer, type RequestListener, type Server } from 'node:http';
import { listen, openModule, type SourcePage } from '@/tests/source-page';

export type { SourcePage } from '@/tests/source-page';

declare global {
  /** The decoder, in the page only. */
  var lensDecoder: typeof import('@/lib/images/decode');
}

/** Opens a page that holds the decoder of this checkout as `lensDecoder`. */
export function openSourcePage(): Promise<SourcePage> {
  return openModule({ module: '/lib/images/decode.ts', global: 'lensDecoder' });
}

/** A second origin for the page to fetch from. */
export async function serveElsewhere(
  listener: RequestListener,
): Promise<{ readonly address: string; readonly server: Server }> {
  const server = createServer(listener);
  return { address: await listen(server), server };
}
