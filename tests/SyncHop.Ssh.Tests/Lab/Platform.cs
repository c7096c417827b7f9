// The lab runs OpenSSH's sshd and reads /proc.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
