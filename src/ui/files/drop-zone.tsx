import { useEffect, useState } from 'react';
import { useLab } from '../context.ts';
import { filesOf } from './dropped.ts';
import css from './files.module.css';
import { openFiles } from './open.ts';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files and folders that are dropped anywhere on the page; shows that it will while they are above it. */
export function DropZone() {
  const lab = useLab();
  const [above, setAbove] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setAbove(true);
    };
    const leave = (event: DragEvent): void => {
      // Moving from one part of the page to another also leaves, but towards somewhere.
      if (event.relatedTarget === null) setAbove(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setAbove(false);
      if (event.dataTransfer) void openFiles(lab, filesOf(event.dataTransfer));
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [lab]);
  if (!above) return null;
  return (
    <div className={css.zone}>
      <p>Drop a run, an experiment, numbers to compare with, the files of a data set, or a folder of images</p>
    </div>
  );
}
