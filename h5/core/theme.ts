/** Keeps `data-theme` on the page's root in step with the phone's light or dark setting. */
export function followColourScheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => {
    document.documentElement.dataset['theme'] = dark.matches ? 'dark' : 'light'
    document
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute('content', dark.matches ? '#0e1412' : '#f5f7f6')
  }
  apply()
  dark.addEventListener('change', apply)
}
