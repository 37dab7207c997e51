import '@mantine/core/styles.css';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ColorSchemeScript, MantineProvider, mantineHtmlProps } from '@mantine/core';

export const metadata: Metadata = {
  title: 'Bi-ViT Lens',
  description: 'See why binarizing a Vision Transformer breaks its attention, and how Bi-ViT repairs it.',
};

/** The frame of every route. ColorSchemeScript is inline; the build hashes it for the content security policy. */
export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" />
      </head>
      <body>
        <MantineProvider defaultColorScheme="auto">{children}</MantineProvider>
      </body>
    </html>
  );
}
