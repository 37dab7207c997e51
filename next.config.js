/**
 * A static export that any host can serve, at any path.
 *
 * NEXT_PUBLIC_BASE_PATH ('' or '/sub') is fixed when the export is built, because every asset address in it is absolute.
 * NEXT_PUBLIC_HUB_URL (unset: the public one) is the hub that backbones are fetched from.
 * `trailingSlash` gives each route its own folder with an index.html, which every static host understands without rewrite rules.
 */
const basePath = (process.env.NEXT_PUBLIC_BASE_PATH ?? '').replace(/\/+$/, '');

/** @type {import('next').NextConfig} */
const config = {
  output: 'export',
  trailingSlash: true,
  reactStrictMode: true,
  images: { unoptimized: true },
  // Types are checked by `npm run typecheck`, which sees tests and command-line tools too; once is enough.
  typescript: { ignoreBuildErrors: true },
  // `npm run dev` is reached by either name of this machine.
  allowedDevOrigins: ['127.0.0.1'],
  env: { NEXT_PUBLIC_BASE_PATH: basePath, NEXT_PUBLIC_HUB_URL: process.env.NEXT_PUBLIC_HUB_URL ?? '' },
  ...(basePath === '' ? {} : { basePath }),
};

export default config;
