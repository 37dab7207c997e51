// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { choosePicture, webAddress } from '@/components/ui/choose-picture';
import { DropArea } from '@/components/ui/drop-area';
import { cameraSentence } from '@/components/ui/use-camera';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

const picture = new File(['x'], 'shirt.png', { type: 'image/png' });
const text = new File(['x'], 'notes.txt', { type: 'text/plain' });
const handlers = { onFile: vi.fn(), onUrl: vi.fn(), onReject: vi.fn() };

beforeEach(() => {
  for (const handler of Object.values(handlers)) handler.mockReset();
});
afterEach(cleanup);

describe('choosePicture', () => {
  it('takes the first picture, or a file of unknown kind', () => {
    expect(choosePicture([text, picture], 100)).toEqual({ kind: 'picture', file: picture });
    const unknown = new File(['x'], 'shirt.pgm');
    expect(choosePicture([unknown], 100)).toEqual({ kind: 'picture', file: unknown });
  });

  it('says in a sentence why there is none', () => {
    expect(choosePicture([], 100)).toMatchObject({ kind: 'none', sentence: expect.stringContaining('no file') });
    expect(choosePicture([text], 100)).toMatchObject({
      sentence: expect.stringContaining('“notes.txt” is not a picture'),
    });
    const large = new File([new Uint8Array(2_000_000)], 'a.png', { type: 'image/png' });
    expect(choosePicture([large], 1e6)).toMatchObject({ sentence: expect.stringContaining('larger than 1 MB') });
  });
});

describe('webAddress', () => {
  it('takes addresses on the web only', () => {
    expect(webAddress('  https://example.org/a.png ')).toBe('https://example.org/a.png');
    expect(webAddress('example.org/a.png')).toBe('https://example.org/a.png');
    for (const bad of [
      '',
      'not an address',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'data:image/png;base64,x',
      'word',
    ]) {
      expect(webAddress(bad), bad).toBeNull();
    }
  });
});

describe('DropArea', () => {
  it('takes a file from the dialog, the same one twice', async () => {
    renderInMantine(<DropArea {...handlers} />);
    const input = screen.getByLabelText<HTMLInputElement>('Picture file');
    fireEvent.change(input, { target: { files: [picture] } });
    fireEvent.change(input, { target: { files: [picture] } });
    expect(handlers.onFile).toHaveBeenCalledTimes(2);
    expect(handlers.onFile).toHaveBeenLastCalledWith(picture, 'upload');
  });

  it('takes a picture dropped anywhere on the page, and says where it may fall', () => {
    renderInMantine(<DropArea {...handlers} />);
    const dataTransfer = { types: ['Files'], files: [picture] };
    fireEvent.dragEnter(document.body, { dataTransfer });
    expect(screen.getByText('Drop it anywhere.')).toBeDefined();
    expect(fireEvent.drop(document.body, { dataTransfer })).toBe(false); // the browser must not open it
    expect(handlers.onFile).toHaveBeenCalledExactlyOnceWith(picture, 'drop');
    expect(screen.queryByText('Drop it anywhere.')).toBeNull();
  });

  it('takes a pasted picture and leaves pasted text alone', () => {
    renderInMantine(<DropArea {...handlers} />);
    expect(fireEvent.paste(document.body, { clipboardData: { files: [] } })).toBe(true);
    expect(handlers.onFile).not.toHaveBeenCalled();
    fireEvent.paste(document.body, { clipboardData: { files: [picture] } });
    expect(handlers.onFile).toHaveBeenCalledExactlyOnceWith(picture, 'paste');
  });

  it('listens no longer once it is gone', () => {
    const { unmount } = renderInMantine(<DropArea {...handlers} />);
    unmount();
    fireEvent.paste(document.body, { clipboardData: { files: [picture] } });
    expect(handlers.onFile).not.toHaveBeenCalled();
  });

  it('asks for an address and refuses what is none', async () => {
    renderInMantine(<DropArea {...handlers} urlHelp="The other site has to allow it." />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'URL' }));
    expect(await screen.findByText('The other site has to allow it.')).toBeDefined();
    await user.type(screen.getByLabelText('Address of a picture'), 'no address{Enter}');
    expect(screen.getByText(/That is no address on the web/)).toBeDefined();
    expect(handlers.onUrl).not.toHaveBeenCalled();
    await user.clear(screen.getByLabelText('Address of a picture'));
    await user.type(screen.getByLabelText('Address of a picture'), 'https://example.org/a.png{Enter}');
    expect(handlers.onUrl).toHaveBeenCalledExactlyOnceWith('https://example.org/a.png');
  });

  it('says in the dialog why there is no camera', async () => {
    renderInMantine(<DropArea {...handlers} />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Camera' }));
    // jsdom has none, as a page that is not served securely.
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/https/), { timeout: 30_000 });
  });
});

describe('cameraSentence', () => {
  it('tells refusal, absence and occupation apart', () => {
    const sentence = (name: string) => cameraSentence(new DOMException('', name));
    expect(sentence('NotAllowedError')).toContain('did not allow');
    expect(sentence('NotFoundError')).toContain('no camera');
    expect(sentence('NotReadableError')).toContain('busy');
    expect(cameraSentence('?')).toContain('could not be opened');
  });
});
