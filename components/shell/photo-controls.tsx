'use client';

import { Button, NumberInput, Slider } from '@mantine/core';
import { CropPicker } from '@/components/charts/crop-picker';
import { Segmented } from '@/components/ui/segmented';
import type { OwnImage } from '@/state/app-state';
import { useAppState, useActions } from '@/state/use-app-state';
import classes from './input-panel.module.css';

const CONTRAST = { min: 0, max: 2, step: 0.05 } as const;

/** How a photo becomes what the models see: the square that is kept; for the family also which of dark and bright is which, and contrast. */
export function PhotoControls({ image }: { readonly image: OwnImage }) {
  const { setPictureOptions } = useActions();
  const family = useAppState((state) => state.family);
  const isGrey = family.preprocessing.kind === 'grey';
  const { original, applied, name } = image;

  return (
    <div className={classes.photo}>
      <h3 className={classes.heading}>
        From photo to {family.config.imageSize} × {family.config.imageSize}
        {family.config.inChannels === 1 && ' grey'}
      </h3>
      <CropPicker
        label={`${name}, ${original.width} × ${original.height} pixels: the square that is kept`}
        photo={original}
        crop={applied.crop}
        onChange={(square) => setPictureOptions({ crop: square })}
      />
      <Button
        className={classes.centre}
        size="compact-sm"
        variant="default"
        onClick={() => setPictureOptions({ crop: null })}
      >
        {isGrey ? 'Largest centred square' : 'As at the model’s evaluation'}
      </Button>
      {isGrey && <GreyControls image={image} />}
    </div>
  );
}

function GreyControls({ image }: { readonly image: OwnImage }) {
  const { setPictureOptions } = useActions();
  const { applied, options } = image;
  return (
    <>
      <div>
        <p className={classes.caption}>
          Invert: the models know bright clothes on black{applied.inverted ? '; inverted now' : '; not inverted now'}
        </p>
        <Segmented
          label="Invert"
          fullWidth
          value={options.invert === 'auto' ? 'auto' : options.invert ? 'yes' : 'no'}
          onChange={(choice) => setPictureOptions({ invert: choice === 'auto' ? 'auto' : choice === 'yes' })}
          options={{ auto: 'automatic', yes: 'invert', no: 'leave' }}
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
            onChange={(contrast) => setPictureOptions({ contrast })}
          />
        </div>
        <NumberInput
          {...CONTRAST}
          size="xs"
          aria-label="Contrast, 0 to 2"
          value={options.contrast}
          decimalScale={2}
          onChange={(contrast) => typeof contrast === 'number' && setPictureOptions({ contrast })}
        />
      </div>
    </>
  );
}
