import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useCamera } from '@/components/ui/use-camera';
import classes from './camera-dialog.module.css';

export interface CameraDialogProps {
  readonly onPicture: (file: File) => void;
  readonly onClose: () => void;
}

/** The camera's picture and a button to take it. In a chunk of its own, so the default export. */
export default function CameraDialog({ onPicture, onClose }: CameraDialogProps): ReactNode {
  const { state, video, take } = useCamera();
  const shoot = async () => {
    const file = await take();
    if (file === null) return;
    onPicture(file);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Take a picture" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      {state.kind === 'failed' ? (
        <p role="alert" className={classes.sentence}>
          {state.sentence}
        </p>
      ) : (
        <>
          <video ref={video} autoPlay playsInline muted className={classes.video} aria-label="Camera" />
          <p role="status" className={classes.sentence}>
            {state.kind === 'asking'
              ? 'Waiting for the camera: the browser may ask whether to allow it.'
              : 'A plain background works best.'}
          </p>
        </>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {state.kind === 'failed' ? 'Close' : 'Cancel'}
        </Button>
        {state.kind !== 'failed' && (
          <Button disabled={state.kind !== 'live'} onClick={shoot}>
            Take picture
          </Button>
        )}
      </Group>
    </Modal>
  );
}
