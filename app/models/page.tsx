import type { Metadata } from 'next';
import { Models } from './models';

export const metadata: Metadata = {
  title: 'Models · Bi-ViT Lens',
  description:
    'Fetch Vision Transformers from the hub or drop a checkpoint, keep them in the browser, and look into them.',
};

export default function ModelsPage() {
  return <Models />;
}
