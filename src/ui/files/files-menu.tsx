import { Menu } from '@base-ui/react/menu';
import { FolderOpen } from 'lucide-react';
import { useRef, type ChangeEvent } from 'react';
import { useLab, useLabState } from '../context.ts';
import controls from '../controls/controls.module.css';
import { focusAfter } from '../controls/keep-focus.ts';
import { Tip } from '../controls/tip.tsx';
import css from './files.module.css';
import { openFiles, runFiles } from './open.ts';
import { exportExperiment, exportNumbers, saveRun } from './save.ts';

/** Everything that goes into and out of files. */
export function FilesMenu() {
  const lab = useLab();
  const runInput = useRef<HTMLInputElement>(null);
  const dataInput = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const home = useRef<HTMLDivElement>(null);
  const loaded = useLabState((state) => state.loaded !== null);
  const earlier = useLabState((state) => state.earlier.length);
  const beside = earlier === 0 ? '' : `, with ${earlier} earlier run${earlier > 1 ? 's' : ''}`;
  const open = ({ currentTarget: input }: ChangeEvent<HTMLInputElement>): void => {
    const files = [...(input.files ?? [])];
    // So that the same file can be chosen again.
    input.value = '';
    void openFiles(lab, files);
  };
  return (
    <div ref={home}>
      <Menu.Root>
        <Tip text="Open and save">
          <Menu.Trigger className={controls.iconButton} aria-label="Files">
            <FolderOpen size={18} aria-hidden />
          </Menu.Trigger>
        </Tip>
        <Menu.Portal container={home}>
          <Menu.Positioner className={css.positioner} sideOffset={6} align="end">
            <Menu.Popup className={css.menu} finalFocus={focusAfter}>
              <Item label="Open run, numbers or experiment…" act={() => runInput.current?.click()} />
              <Item label="Add a data set…" act={() => dataInput.current?.click()} />
              <Item label="Add a folder of images…" act={() => folderInput.current?.click()} />
              <Menu.Separator className={css.separator} />
              <Item label="Save run" act={() => void saveRun(lab)} disabled={!loaded} />
              <Item label="Export experiment" act={() => exportExperiment(lab)} />
              <Item label={`Export numbers as CSV${beside}`} act={() => void exportNumbers(lab, 'csv')} />
              <Item label={`Export numbers as JSON${beside}`} act={() => void exportNumbers(lab, 'json')} />
              <p className={css.hint}>
                Files and folders can also be dropped anywhere on the page. Numbers (JSON from here, or a terminal’s
                metrics.jsonl with its experiment.json) are drawn beside the present run. A data set is the four IDX
                files of MNIST’s kind, cifar-10-binary.tar.gz, or its six .bin files. A folder of images has a folder
                for each class, within train and test if you keep them apart; the images are cut square and scaled to
                32×32.
              </p>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <input
        ref={runInput}
        type="file"
        multiple
        accept={runFiles}
        className={css.input}
        tabIndex={-1}
        aria-label="A run, numbers or an experiment"
        onChange={open}
      />
      <input
        ref={dataInput}
        type="file"
        multiple
        className={css.input}
        tabIndex={-1}
        aria-label="Files of a data set"
        onChange={open}
      />
      <input
        ref={folderInput}
        type="file"
        multiple
        // React's types do not know it, and every browser does.
        {...{ webkitdirectory: '' }}
        className={css.input}
        tabIndex={-1}
        aria-label="A folder of images"
        onChange={open}
      />
    </div>
  );
}

function Item({ label, act, disabled = false }: { label: string; act: () => void; disabled?: boolean }) {
  return (
    <Menu.Item className={css.item} onClick={act} disabled={disabled}>
      {label}
    </Menu.Item>
  );
}
