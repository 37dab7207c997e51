import type { Metadata } from 'next';
import { BrowserModels } from '@/components/models/browser-models';

export const metadata: Metadata = {
  title: 'Models · Bi-ViT Lens',
  description:
    'Fetch Vision Transformers from the hub or drop a checkpoint, keep them in the browser, and look into them.',
};

/** Models: what can be looked into, what is kept, and the ways in. */
export default function ModelsPage() {
  return <BrowserModels />;
}
