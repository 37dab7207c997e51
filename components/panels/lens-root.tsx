'use client';

import type { ReactNode } from 'react';
import { NoticeList } from '@/components/ui/notice-list';
import type { Lens } from '@/lib/store/lens';
import { LensContext, useLens, useLensActions, useLensRoot } from '@/lib/store/use-lens';

/** The lens around all panels, and what it has to say. */
export function LensRoot({ create, children }: { readonly create: () => Lens; readonly children: ReactNode }) {
  return (
    <LensContext value={useLensRoot(create)}>
      {children}
      <Notices />
    </LensContext>
  );
}

function Notices() {
  const notices = useLens((state) => state.notices);
  const { dismiss } = useLensActions();
  return (
    <NoticeList
      notices={notices.map(({ id, kind, title, sentence }) => ({
        id: String(id),
        kind,
        text: (
          <>
            <strong>{title}.</strong> {sentence}
          </>
        ),
      }))}
      onDismiss={(id) => dismiss(Number(id))}
    />
  );
}
