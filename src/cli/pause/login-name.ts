import { userInfo } from 'node:os';

/** The login name of the person who runs the command; null if the system has none for the user, as in some containers. */
export function loginName(variables: NodeJS.ProcessEnv): string | null {
  if (variables.SUDO_USER) return variables.SUDO_USER;
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
