import { userInfo } from 'node:os';

/** The login name behind the command, with sudo its caller's; null if the system has none, as in some containers. */
export function loginName(variables: NodeJS.ProcessEnv): string | null {
  if (variables.SUDO_USER) return variables.SUDO_USER;
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
