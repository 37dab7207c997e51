// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { About } from '@/components/ui/about';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

afterEach(cleanup);

describe('About', () => {
  const formula = { label: 'Softmax', latex: 'p_j', source: { text: 'Bridle 1990', url: 'https://doi.org/10.1007/x' } };

  it('opens its formulas with their source by a button that says so', async () => {
    renderInMantine(<About formulas={[formula]}>What it shows.</About>);
    expect(screen.getByText('What it shows.')).toBeDefined();
    const button = screen.getByRole('button', { name: 'Show the formula' });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    expect(screen.queryByText('Softmax')).toBeNull();
    await userEvent.setup().click(button);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getByText('Softmax')).toBeDefined();
    expect(screen.getByRole('link', { name: 'Bridle 1990' }).getAttribute('href')).toBe('https://doi.org/10.1007/x');
    await userEvent.setup().click(screen.getByRole('button', { name: 'Hide the formula' }));
    expect(screen.queryByText('Softmax')).toBeNull();
  });

  it('has no button where there is no formula', () => {
    renderInMantine(<About>Only words.</About>);
    expect(screen.queryByRole('button')).toBeNull();
  });
});
