/** Errors as platforms and HTTP clients throw them. */
import { AxiosError } from 'axios';

export function platform(
	code: string | undefined,
	syscall?: string,
	message = `${syscall ?? ''} ${code ?? ''}`,
): Error {
	return Object.assign(
		new Error(message),
		code === undefined ? {} : { code },
		syscall === undefined ? {} : { syscall },
	);
}

export function axios(cause: Error & { code?: string }, code = cause.code): Error {
	return Object.assign(new AxiosError(cause.message, code), { cause });
}
