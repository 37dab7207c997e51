'use client';

import { Button, FileButton } from '@mantine/core';
import { useCallback, type ReactNode } from 'react';
import { ComparedTable } from '@/components/models/compared-table';
import { HeadsForm } from '@/components/models/heads-form';
import { InspectedReport } from '@/components/models/checkpoint-report';
import { useModels, useModelsActions } from '@/components/models/models-context';
import { Block } from '@/components/ui/block';
import { StatusTracker } from '@/components/ui/status-tracker';
import { useFileIntake, type FileOrigin } from '@/components/ui/use-file-intake';
import classes from './models.module.css';

/** Checkpoints of the user's own: dropped anywhere on the page, or chosen. */
export function FileSection(): ReactNode {
  const work = useModels((state) => state.work);
  const inspected = useModels((state) => state.inspected);
  const compared = useModels((state) => state.compared);
  const question = useModels((state) => state.question);
  const { take, answerHeads, cancelWork } = useModelsActions();
  const onFiles = useCallback(
    (files: readonly File[], origin: FileOrigin) => {
      if (origin === 'drop') void take(files);
    },
    [take],
  );
  const isOver = useFileIntake({ onFiles });
  return (
    <Block title="A file of yours" detail="it never leaves this device" id="files">
      <div className={classes.dropArea} data-over={isOver || undefined} aria-busy={work !== null}>
        <p>
          Drop a <code>.safetensors</code> or PyTorch’s <code>.pth</code> anywhere on this page: a ViT, DeiT or Swin
          under the names of timm, DeiT, Bi-ViT’s release or transformers. Nothing in a file is executed. Drop it
          together with its <code>.golden.safetensors</code> and its stages are compared with what PyTorch gave.
        </p>
        <FileButton
          multiple
          accept=".safetensors,.pth,.pt,.bin"
          onChange={(files) => void take(files)}
          inputProps={{ 'aria-label': 'Checkpoint files' }}
        >
          {(props) => (
            <Button {...props} size="xs" variant="default">
              Choose files
            </Button>
          )}
        </FileButton>
      </div>
      {work !== null && (
        <StatusTracker phase="running" text={work.what} progress={work.progress} onCancel={cancelWork} />
      )}
      {question !== null && (
        <section className={classes.report} aria-label={`A question about ${question.fileName}`}>
          <h3 className={classes.name}>{question.fileName}</h3>
          <HeadsForm
            key={question.fileName}
            present={null}
            width={null}
            reason={question.sentence}
            onState={(heads) => void answerHeads(heads)}
          />
        </section>
      )}
      {inspected !== null && <InspectedReport key={`${inspected.id}:${inspected.numHeads}`} inspected={inspected} />}
      {compared !== null && <ComparedTable compared={compared} />}
    </Block>
  );
}
