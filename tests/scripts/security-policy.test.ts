import { describe, expect, it } from 'vitest';
import { sealPage } from '@/scripts/postbuild';
import { hashSource, pagePolicy } from '@/scripts/security-policy';

const connect = (policy: string): string => /connect-src ([^;]*)/.exec(policy)?.[1] ?? '';

describe('the policy of a page', () => {
  it('lets it reach any host over https, which the public hub needs, and none without', () => {
    expect(connect(pagePolicy([]))).toBe("'self' https: data: blob:");
    expect(connect(pagePolicy([], 'https://hub.example'))).toBe("'self' https: data: blob:");
  });

  it('adds the host of a hub without https, at every port, for that is where it redirects to', () => {
    expect(connect(pagePolicy([], 'http://127.0.0.1:4180'))).toBe("'self' https: data: blob: http://127.0.0.1:*");
  });

  it('adds nothing for what is no address', () => {
    expect(connect(pagePolicy([], "x'; script-src *"))).toBe("'self' https: data: blob:");
  });

  it('stands in the sealed page with its inline scripts by their hashes', () => {
    const page = '<html><head><meta charset="utf-8"/><script>let a = 1</script></head></html>';
    const { html, policy } = sealPage(page, 'http://localhost:4180');
    expect(policy).toContain(hashSource('let a = 1'));
    expect(policy).toContain('http://localhost:*');
    expect(html).toContain(`content="${policy}"`);
  });
});
