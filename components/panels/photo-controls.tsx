'use client';

import { Button, NumberInput, Slider } from '@mantine/core';
import { CropPicker } from '@/components/charts/crop-picker';
import { Segmented } from '@/components/ui/segmented';
import type { OwnImage } from '@/lib/store/lens-state';
import { useLensActions } from '@/lib/store/use-lens';
import classes from './input-panel.module.css';

const CONTRAST = { min: 0, max: 2, step: 0.05 } as const;

/** How a photo becomes 28 x 28 grey: the square that is kept, which of dark and bright is which, contrast. */
export function PhotoControls({ image }: { readonly image: OwnImage }) {
  const { setPreprocess } = useLensActions();
  const { original, applied, options, name } = image;

  return (
    <div className={classes.photo}>
      <h3 className={classes.heading}>From photo to 28 × 28 grey</h3>
      <CropPicker
        label={`${name}, ${original.width} × ${original.height} pixels: the square that is kept`}
        photo={original}
        crop={applied.crop}
        onChange={(square) => setPreprocess({ crop: square })}
      />
      <Button
        className={classes.centre}
        size="compact-sm"
        variant="default"
        onClick={() => setPreprocess({ crop: null })}
      >
        Largest centred square
      </Button>
      <div>
        <p className={classes.caption}>
          Invert: the models know bright clothes on black{applied.inverted ? '; inverted now' : '; not inverted now'}
        </p>
        <Segmented
          label="Invert"
          fullWidth
          value={options.invert === 'auto' ? 'auto' : options.invert ? 'yes' : 'no'}
          onChange={(choice) => setPreprocess({ invert: choice === 'auto' ? 'auto' : choice === 'yes' })}
          options={[
            { value: 'auto', label: 'automatic' },
            { value: 'yes', label: 'invert' },
            { value: 'no', label: 'leave' },
          ]}
        />
      </div>
      <div className={classes.contrast}>
        <div>
          <p className={classes.caption} id="contrast-label">
            Contrast
          </p>
          <Slider
            {...CONTRAST}
            label={null}
            thumbProps={{ 'aria-labelledby': 'contrast-label' }}
            value={options.contrast}
            onChange={(contrast) => setPreprocess({ contrast })}
          />
        </div>
        <NumberInput
          {...CONTRAST}
          size="xs"
          aria-label="Contrast, 0 to 2"
          value={options.contrast}
          decimalScale={2}
          onChange={(contrast) => typeof contrast === 'number' && setPreprocess({ contrast })}
        />
      </div>
    </div>
  );
}
