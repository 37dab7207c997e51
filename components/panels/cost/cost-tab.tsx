'use client';

import { Block } from '@/components/ui/block';

export default function CostTab() {
  return <Block title="Cost">…</Block>;
}
