/** What the sandbox's shop sells: people, products, and how each file is made. All of it is drawn and written here. */

export type SeedSeller = {
  readonly userId: number
  readonly firstName: string
  readonly username: string
  readonly language: 'fr' | 'en'
  readonly code: string
  readonly shopName: string
  readonly bio: string
}

export type SeedFile =
  | { readonly kind: 'pdf'; readonly name: string; readonly pages: readonly string[] }
  | { readonly kind: 'icons' | 'page kit' | 'presets'; readonly name: string }
  | { readonly kind: 'sounds'; readonly name: string; readonly megabytes: number }
  | { readonly kind: 'csv'; readonly name: string }

export type SeedProduct = {
  readonly code: string
  readonly seller: string
  readonly category: string
  readonly title: string
  readonly description: string
  readonly priceCents: bigint
  readonly file: SeedFile
  readonly art: 'rings' | 'waves' | 'grid' | 'hills' | 'orbits' | 'prism' | 'none'
  readonly colors: readonly [string, string, string]
  readonly sales: number
  readonly views: number
  readonly daysOld: number
}

export const sellers: readonly SeedSeller[] = [
  {
    userId: 7001,
    firstName: 'Inès',
    username: 'atelier_nova',
    language: 'fr',
    code: 'N0VA2345',
    shopName: 'Atelier Nova',
    bio: 'Icônes, gabarits et préréglages dessinés à la main à Lyon.',
  },
  {
    userId: 7002,
    firstName: 'Oskar',
    username: 'bytesmith',
    language: 'en',
    code: 'BYTE2345',
    shopName: 'Bytesmith',
    bio: 'Small, sharp tools for people who build for the web.',
  },
  {
    userId: 7003,
    firstName: 'Léa',
    username: 'lea_fontaine',
    language: 'fr',
    code: 'FNTA2345',
    shopName: 'Léa Fontaine',
    bio: 'Quinze ans de freelance, racontés sans détour.',
  },
  {
    userId: 7004,
    firstName: 'Mara',
    username: 'aurora_sound',
    language: 'en',
    code: 'AVRA2345',
    shopName: 'Aurora Sound',
    bio: 'Field recordings and tones, free of rights, ready to use.',
  },
]

export const products: readonly SeedProduct[] = [
  {
    code: 'C0NES234',
    seller: 'N0VA2345',
    category: 'design-creative',
    title: 'Lumière : 240 icônes au trait',
    description:
      'Un jeu d’icônes cohérent pour vos interfaces : 240 dessins au trait de 24 pixels, en SVG, rangés par thème.\n\nUtilisables dans tous vos projets, y compris ceux de vos clients.',
    priceCents: 1999n,
    file: { kind: 'icons', name: 'lumiere-icones.zip' },
    art: 'grid',
    colors: ['#EC4899', '#831843', '#FBCFE8'],
    sales: 64,
    views: 1840,
    daysOld: 40,
  },
  {
    code: 'PRESET23',
    seller: 'N0VA2345',
    category: 'design-creative',
    title: 'Heure dorée : 18 préréglages photo',
    description:
      'Dix-huit préréglages qui rendent la lumière de fin de journée sans abîmer les peaux. Un fichier par ambiance, avec une notice.',
    priceCents: 3450n,
    file: { kind: 'presets', name: 'heure-doree.zip' },
    art: 'hills',
    colors: ['#F59E0B', '#7C2D12', '#FDE68A'],
    sales: 12,
    views: 310,
    daysOld: 3,
  },
  {
    code: 'BRAND234',
    seller: 'N0VA2345',
    category: 'design-creative',
    title: 'Charte graphique : le modèle complet',
    description:
      'Le document que vos clients attendent : logo, couleurs, typographie, ton, exemples. À remplir page par page.',
    priceCents: 8900n,
    file: {
      kind: 'pdf',
      name: 'charte-graphique.pdf',
      pages: ['Le logo et ses marges', 'Les couleurs et leurs contrastes', 'La typographie', 'Le ton et les mots'],
    },
    art: 'prism',
    colors: ['#A78BFA', '#4C1D95', '#EDE9FE'],
    sales: 5,
    views: 96,
    daysOld: 20,
  },
  {
    code: 'TSBYEX23',
    seller: 'BYTE2345',
    category: 'development',
    title: 'TypeScript by Example',
    description:
      'Forty short chapters, each a working program and the one idea behind it. From strict types to streams, without a framework in sight.',
    priceCents: 1499n,
    file: {
      kind: 'pdf',
      name: 'typescript-by-example.pdf',
      pages: ['Types that tell the truth', 'Unions instead of flags', 'Errors as values', 'Streams and back-pressure'],
    },
    art: 'orbits',
    colors: ['#8B5CF6', '#1E1B4B', '#DDD6FE'],
    sales: 131,
    views: 4020,
    daysOld: 60,
  },
  {
    code: 'PAGEK1T2',
    seller: 'BYTE2345',
    category: 'development',
    title: 'Landing Page Kit: 12 sections, no framework',
    description:
      'Twelve page sections in plain HTML and CSS: hero, pricing, questions, contact and more. Responsive, accessible, 9 kB in all.',
    priceCents: 4900n,
    file: { kind: 'page kit', name: 'landing-page-kit.zip' },
    art: 'waves',
    colors: ['#3B82F6', '#1E3A8A', '#BFDBFE'],
    sales: 22,
    views: 640,
    daysOld: 5,
  },
  {
    code: 'JVRNA123',
    seller: 'BYTE2345',
    category: 'finance-crypto',
    title: 'Trading Journal, one year prepared',
    description:
      'A spreadsheet for every trading day of the year: position, reason, result, lesson. Opens in any office program.',
    priceCents: 999n,
    file: { kind: 'csv', name: 'trading-journal.csv' },
    art: 'rings',
    colors: ['#10B981', '#064E3B', '#A7F3D0'],
    sales: 51,
    views: 720,
    daysOld: 90,
  },
  {
    code: 'GV1DE234',
    seller: 'FNTA2345',
    category: 'business',
    title: 'Le guide du freelance serein',
    description:
      'Tarifs, devis, relances, vacances : tout ce que j’aurais voulu savoir la première année. Avec les modèles de courriers.',
    priceCents: 2400n,
    file: {
      kind: 'pdf',
      name: 'freelance-serein.pdf',
      pages: ['Fixer son tarif', 'Écrire un devis clair', 'Relancer sans s’excuser', 'Partir en vacances'],
    },
    art: 'hills',
    colors: ['#F59E0B', '#1F2937', '#FEF3C7'],
    sales: 58,
    views: 1203,
    daysOld: 30,
  },
  {
    code: 'FACTVRE2',
    seller: 'FNTA2345',
    category: 'business',
    title: 'Modèle de facture, prêt à remplir',
    description:
      'Une facture sobre et conforme, avec toutes les mentions utiles. Offerte : partagez-la autour de vous.',
    priceCents: 0n,
    file: { kind: 'pdf', name: 'modele-de-facture.pdf', pages: ['Facture'] },
    art: 'none',
    colors: ['#F59E0B', '#78350F', '#FDE68A'],
    sales: 210,
    views: 2400,
    daysOld: 120,
  },
  {
    code: 'PARC0VRS',
    seller: 'FNTA2345',
    category: 'professional-training',
    title: 'Prendre la parole : le parcours en 4 semaines',
    description:
      'Quatre semaines, vingt exercices courts et une fiche de suivi pour parler en public sans trembler. Pour soi ou pour une équipe.',
    priceCents: 5900n,
    file: {
      kind: 'pdf',
      name: 'prendre-la-parole.pdf',
      pages: ['Semaine 1 : le souffle', 'Semaine 2 : la voix', 'Semaine 3 : le récit', 'Semaine 4 : la salle'],
    },
    art: 'rings',
    colors: ['#06B6D4', '#164E63', '#CFFAFE'],
    sales: 9,
    views: 188,
    daysOld: 6,
  },
  {
    code: 'AVR0RA23',
    seller: 'AVRA2345',
    category: 'tools-tech',
    title: 'Aurora: ambient sounds in studio quality',
    description:
      'Slow, warm tones recorded for films, games and meditation, as uncompressed WAV at 44.1 kHz. A large file: it comes as a download link.',
    priceCents: 3990n,
    file: { kind: 'sounds', name: 'aurora-sounds.zip', megabytes: 64 },
    art: 'waves',
    colors: ['#6366F1', '#0F172A', '#C7D2FE'],
    sales: 17,
    views: 420,
    daysOld: 12,
  },
]
