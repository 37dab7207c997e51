import type { ReactNode } from 'react';
import { ExploreLink } from '@/components/models/explore-link';
import { Facts } from '@/components/models/facts';
import { Block } from '@/components/ui/block';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { countCost } from '@/models/accounting/count-cost';
import { ALL_REAL, AS_IN_THE_CODE } from '@/lib/accounting/precision';
import { formatBytes, formatCount, formatOperations } from '@/lib/viz/format';
import classes from './models.module.css';

/** What the app carries with it. */
export function FamilySection(): ReactNode {
  const { config } = DEFAULT_FAMILY;
  const real = countCost(config, ALL_REAL).total;
  const binary = countCost(config, AS_IN_THE_CODE).total;
  return (
    <Block title="In the app" detail="nothing to fetch">
      <div className={classes.family}>
        <p className={classes.about}>
          A full-precision teacher and the four students of the paper’s 2 × 2: without cures, with the learnable scaling
          factor, with ranking-aware distillation, and with both. Trained by this project on Fashion-MNIST, 28 × 28
          pixels; their accuracies stand beside the switches of Explore.
        </p>
        <Facts
          facts={[
            { name: 'Parameters', value: formatCount(real.parameters), source: 'counted, teacher' },
            { name: 'MACs an image', value: formatOperations(real.macs), source: 'counted, teacher' },
            { name: 'OPs of a student', value: formatOperations(binary.ops), source: 'counted: BOPs / 64 + FLOPs' },
            { name: 'Weights of a student', value: formatBytes(binary.bytes), source: 'counted, packed to bits' },
            { name: 'Licence', value: 'MIT' },
          ]}
        />
        <div className={classes.ways}>
          <ExploreLink id={null} label="the five models of the app" />
        </div>
      </div>
    </Block>
  );
}
