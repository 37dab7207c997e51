/**
 * A static export that any host can serve, at any path.
 *
 * NEXT_PUBLIC_BASE_PATH ('' or '/sub') is fixed when the export is built, because every asset address in it is absolute.
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
  env: { NEXT_PUBLIC_BASE_PATH: basePath },
  ...(basePath === '' ? {} : { basePath }),
};

export default config;
