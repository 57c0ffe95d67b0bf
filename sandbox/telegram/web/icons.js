const namespace = 'http://www.w3.org/2000/svg'

/** Drawn on 24 × 24 with round strokes. */
const paths = {
  alert: 'M12 8v5M12 16.5v.01M12 3l9.5 17h-19z',
  attach: 'M20.5 11.5l-8.6 8.6a5.6 5.6 0 0 1-8-8l9-9a3.8 3.8 0 0 1 5.3 5.4l-8.7 8.7a1.9 1.9 0 0 1-2.7-2.7l7.9-7.9',
  block: 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M5.7 5.7l12.6 12.6',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  down: 'M6 9.5l6 6l6-6',
  download: 'M12 4v11M7 10.5l5 5l5-5M5 20h14',
  image: 'M4 5h16v14H4zM4 16l5-5l4 4l3-3l4 4M15.5 9v.01',
  link: 'M8 16L17 7M9.5 7H17v7.5',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.4c2.2.8 3.5 2.8 3.5 5.6',
  plus: 'M12 5v14M5 12h14',
  read: 'M2.5 13l4 4l8-9M11.5 16.5l.6.5l8-9',
  reply: 'M10 6L4 11.5l6 5.5M4.5 11.5H14c4 0 6 2.5 6 6.5',
  send: 'M12 20V5M5.5 11L12 4.5L18.5 11',
  share: 'M14 5l6 5.5l-6 5.5M19.5 10.5H11c-4 0-6.5 2.5-7 7.5',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5',
}

/** @typedef {keyof typeof paths} IconName */

/**
 * A picture for a button; what it means is the button's label.
 * @param {IconName} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(namespace, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `icon icon-${name}`)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(namespace, 'path')
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}
