declare module 'dmn-js/lib/NavigatedViewer' {
  export default class NavigatedViewer {
    constructor(options: object);
  }
}
declare module '*.css?url' {
  const address: string;
  export default address;
}
