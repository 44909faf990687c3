import { CircleHelp, Cpu, Moon, Share2, Sun } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import controls from '../controls/controls.module.css';
import { Tip } from '../controls/tip.tsx';
import { useLab, useLabState } from '../context.ts';
import { FilesMenu } from '../files/files-menu.tsx';
import { linkTo } from '../fragment.ts';
import { currentTheme, onThemeChange, toggleTheme } from '../theme.ts';
import { DeviceDialog } from './device-dialog.tsx';
import css from './header.module.css';
import { Progress } from './progress.tsx';
import { Transport } from './transport.tsx';

/** The top of the page: transport, progress, device, and what concerns the page itself. */
export function Header({ showHelp }: { showHelp: () => void }) {
  return (
    <header className={css.header}>
      <h1 className={css.brand}>
        <img src="./favicon.svg" width={24} height={24} alt="" />
        Feedback Lab
      </h1>
      <Transport />
      <Progress />
      <Device />
      <nav className={css.tools} aria-label="Page">
        <FilesMenu />
        <ShareButton />
        <ThemeButton />
        <Tip text="Help and shortcuts" keys="?">
          <button type="button" className={controls.iconButton} aria-label="Help and shortcuts" onClick={showHelp}>
            <CircleHelp size={18} aria-hidden />
          </button>
        </Tip>
      </nav>
    </header>
  );
}

/** The adapter's name; says at once when it is a slow one. */
function Device() {
  const device = useLabState((state) => state.device);
  const [open, setOpen] = useState(false);
  if (device === null) return <span className={css.device} />;
  const adapter = device.kind === 'webgpu' && device.software ? 'software adapter: slow' : null;
  const slow = device.problem === null ? adapter : 'slower than a GPU';
  return (
    <>
      <Tip text="What the network trains on">
        <button type="button" className={css.device} onClick={() => setOpen(true)}>
          <Cpu size={15} aria-hidden />
          <span className={css.deviceText}>
            <span className={css.deviceName}>{device.name}</span>
            {slow !== null && <span className={css.slow}>{slow}</span>}
          </span>
        </button>
      </Tip>
      {open && <DeviceDialog device={device} close={() => setOpen(false)} />}
    </>
  );
}

function ShareButton() {
  const lab = useLab();
  const share = async (): Promise<void> => {
    const link = linkTo(lab.store);
    try {
      await navigator.clipboard.writeText(link);
      lab.notices.toast('Link to this experiment copied.');
    } catch {
      lab.notices.toast(`The browser does not let this page copy. The link: ${link}`);
    }
  };
  return (
    <Tip text="Copy a link to this experiment">
      <button
        type="button"
        className={controls.iconButton}
        aria-label="Copy a link to this experiment"
        onClick={() => void share()}
      >
        <Share2 size={17} aria-hidden />
      </button>
    </Tip>
  );
}

function ThemeButton() {
  const theme = useSyncExternalStore(onThemeChange, currentTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <Tip text={`Switch to ${other} colours`}>
      <button
        type="button"
        className={controls.iconButton}
        aria-label={`Switch to ${other} colours`}
        onClick={toggleTheme}
      >
        {theme === 'dark' ? <Sun size={18} aria-hidden /> : <Moon size={17} aria-hidden />}
      </button>
    </Tip>
  );
}
