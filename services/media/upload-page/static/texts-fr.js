/** @type {typeof import('./texts-en.js').english} */
export const french = {
  heading: 'Envoyez votre fichier',
  headingFor: (title) => `Envoyez le fichier de «\u00a0${title}\u00a0»`,
  loading: 'Un instant…',
  call: 'Choisissez un fichier, ou déposez-le ici',
  limit: (size) => `Jusqu’à ${size}. Gardez cette page ouverte pendant l’envoi.`,
  goOn: (name) =>
    `L’envoi de «\u00a0${name}\u00a0» a été interrompu. Choisissez à nouveau le même fichier pour reprendre où il s’est arrêté.`,
  pause: 'Pause',
  resume: 'Reprendre',
  retry: 'Réessayer',
  abort: 'Annuler l’envoi',
  question: 'Annuler l’envoi ? Ce qui a déjà été envoyé sera perdu.',
  keep: 'Continuer l’envoi',
  really: 'Oui, annuler',
  sent: (sent, whole) => `${sent} sur ${whole}`,
  pace: (speed, left) => `${speed} · reste ${left}`,
  perSecond: (size) => `${size}/s`,
  preparing: 'Lecture du fichier…',
  sending: 'Votre fichier est en cours d’envoi.',
  resumed: 'L’envoi reprend où il s’était arrêté.',
  reached: (percent) => `${percent}\u00a0% envoyés`,
  paused: 'En pause. Ce qui a été envoyé est gardé 24 heures.',
  offline: 'La connexion est perdue. L’envoi reprendra tout seul à son retour ; gardez cette page ouverte.',
  hashing: (percent) => `Tout est envoyé. L’empreinte du fichier est en cours de calcul\u00a0: ${percent}\u00a0%`,
  finishing: 'Tout est envoyé. Le fichier est en cours d’assemblage…',
  done: 'Bien reçu. Le fichier est en cours de vérification : vous serez prévenu dans la conversation. Vous pouvez fermer cette page.',
  aborted: 'L’envoi est annulé, rien n’a été gardé. Vous pouvez choisir un autre fichier.',
  startedOver: 'Ce n’est pas le fichier qui avait été commencé : il est envoyé depuis le début.',
  errors: {
    noLink: 'Cette page s’ouvre par un lien de la conversation. Retournez-y, et appuyez à nouveau sur le bouton.',
    not_allowed:
      'Ce lien n’est plus valable. Demandez-en un nouveau dans la conversation : modifiez votre produit et choisissez « Fichier ».',
    bad_name: 'Le nom de ce fichier n’a pas d’extension, comme .pdf ou .zip. Renommez-le et choisissez-le à nouveau.',
    blocked_type:
      'Les programmes et les scripts ne peuvent pas être vendus ici. Choisissez un document, une image, un son, une vidéo ou une archive.',
    unsupported_type:
      'Ce type de fichier n’est pas pris en charge. Mettez-le dans une archive .zip, par exemple, et choisissez-la.',
    empty: 'Ce fichier est vide. Choisissez-en un qui contient quelque chose.',
    too_large: 'Ce fichier dépasse la taille acceptée. Réduisez-le, ou compressez-le.',
    quota_exceeded:
      'Il ne reste pas assez de place dans votre espace. Supprimez un produit ou remplacez un gros fichier, puis réessayez.',
    session_open: 'Le fichier envoyé auparavant est encore en cours d’assemblage. Réessayez dans une minute.',
    too_many_uploads: 'Vous avez commencé dix envois en une journée. Réessayez demain.',
    too_many_versions: 'Ce produit a atteint son nombre de versions. Créez un nouveau produit pour ce fichier.',
    too_soon: 'Le fichier d’un produit se remplace une fois par heure. Réessayez plus tard.',
    gone: 'Cet envoi est terminé : il a duré trop longtemps, ou un autre a pris sa place. Choisissez à nouveau le fichier pour recommencer.',
    size_mismatch:
      'Ce qui est arrivé n’a pas la taille de votre fichier. Choisissez à nouveau le fichier pour recommencer.',
    already_received:
      'Le fichier est déjà arrivé, et en cours de vérification : vous serez prévenu dans la conversation.',
    unreadable: 'Le fichier ne peut plus être lu : il a été modifié, déplacé ou supprimé. Choisissez-le à nouveau.',
    storage:
      'Le stockage des fichiers est injoignable. Ce qui a été envoyé est gardé : vérifiez votre connexion et réessayez.',
    unavailable: 'Le service ne répond pas. Ce qui a été envoyé est gardé : vérifiez votre connexion et réessayez.',
    unexpected:
      'Quelque chose s’est mal passé. Ce qui a été envoyé est gardé : réessayez, ou rechargez cette page et choisissez le même fichier.',
  },
}
