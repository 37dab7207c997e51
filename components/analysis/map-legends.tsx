import { ColorLegend } from '@/components/charts/color-legend';
import { attentionScale, differenceScale } from '@/components/analysis/locked-scale';
import { ScaleBadge } from '@/components/ui/scale-badge';
import { useAppState } from '@/state/use-app-state';

interface MapLegendsProps {
  /** Of the locked scale. */
  readonly top: number;
  /** What is subtracted from what: `student − teacher`. */
  readonly difference: string;
  /** What has a maximum of its own on the other scale: `head`, `map`. */
  readonly per: string;
}

/** The scales of maps of attention and of their difference: one for all, or each map's own. */
export function MapLegends({ top, difference, per }: MapLegendsProps) {
  const scale = useAppState((state) => state.selection.scale);
  const locked = scale === 'locked';
  return (
    <>
      <ColorLegend
        open={locked}
        label="attention"
        scale={attentionScale(locked ? top : 1)}
        note={locked ? 'the same in every pane, layer and head' : `times each ${per}’s own maximum`}
      />
      <ColorLegend
        open={locked}
        label={difference}
        scale={differenceScale(locked ? top : 1)}
        note={locked ? 'on the same scale' : 'times its own maximum'}
      />
      <ScaleBadge scale={scale} />
    </>
  );
}
