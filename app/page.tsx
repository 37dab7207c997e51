import { Title } from '@mantine/core';

export default function ExplorePage() {
  return (
    <main>
      <Title order={1}>Bi-ViT Lens</Title>
    </main>
  );
}
