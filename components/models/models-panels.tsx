'use client';

import type { ReactNode } from 'react';
import { FamilySection } from '@/components/models/family-section';
import { FileSection } from '@/components/models/file-section';
import { HubSection } from '@/components/models/hub-section';
import { KeptSection } from '@/components/models/kept-section';
import { ModelsContext, useModels, useModelsActions, useModelsRoot } from '@/components/models/models-context';
import { NoticesOfStore } from '@/components/shell/notices-of-store';
import { Masthead } from '@/components/ui/masthead';
import type { ModelsStore } from '@/state/models/models-store';
import classes from './models.module.css';

export interface ModelsPanelsProps {
  readonly create: () => ModelsStore;
  readonly hubUrl: string;
}

/** The Models page around a store: a browser's, or a test's. */
export function ModelsPanels({ create, hubUrl }: ModelsPanelsProps): ReactNode {
  return (
    <ModelsContext value={useModelsRoot(create)}>
      <Masthead page="models" subtitle="Backbones to look into, from the hub or from your disk" />
      <main id="main" tabIndex={-1} className={classes.page}>
        <div className={classes.main}>
          <HubSection hubUrl={hubUrl} />
          <FamilySection />
        </div>
        <div className={classes.main}>
          <FileSection />
          <KeptSection />
        </div>
      </main>
      <Notices />
    </ModelsContext>
  );
}

function Notices(): ReactNode {
  const notices = useModels((state) => state.notices);
  const { dismiss } = useModelsActions();
  return <NoticesOfStore notices={notices} onDismiss={dismiss} />;
}
