/** The files of the repository that .gitignore does not leave out, as paths from the root with slashes. */
export function repositoryFiles(among?: string[]): string[];
