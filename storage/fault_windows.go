package storage

import "syscall"

// faultsOfSystem are what Windows tells in numbers of its own (winerror.h):
// ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL, ERROR_WRITE_PROTECT, ERROR_CRC.
var faultsOfSystem = []knownFault{
	{syscall.Errno(112), DiskFull}, {syscall.Errno(39), DiskFull}, {syscall.Errno(19), ReadOnly}, {syscall.Errno(23), DiskBroken},
}
