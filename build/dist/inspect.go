package main

import (
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"errors"
	"fmt"
	"os"

	"github.com/tc-hib/winres"
	windowsversion "github.com/tc-hib/winres/version"
)

// inspect looks whether a program is for the system it is called after, and has what it needs to be at home there. Nothing
// here starts it: most of them do not run where they are built.
func inspect(p program, of *version) error {
	switch p.system {
	case "linux":
		return inspectELF(p)
	case "darwin":
		return inspectMachO(p)
	}
	return inspectPE(p, of)
}

// inspectELF has a program without a window need nothing of the system, not even its C library.
func inspectELF(p program) error {
	file, err := elf.Open(p.file)
	if err != nil {
		return err
	}
	defer file.Close()
	if wanted := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}[p.arch]; file.Machine != wanted {
		return fmt.Errorf("it is for %v, not %v", file.Machine, wanted)
	}
	libraries, err := file.ImportedLibraries()
	if err != nil {
		return err
	}
	if p.window != (len(libraries) > 0) {
		return fmt.Errorf("it needs these libraries: %q", libraries)
	}
	return nil
}

// inspectMachO has a program for Apple's own processors signed by the linker: they start no other.
func inspectMachO(p program) error {
	file, err := macho.Open(p.file)
	if err != nil {
		return err
	}
	defer file.Close()
	if wanted := map[string]macho.Cpu{"amd64": macho.CpuAmd64, "arm64": macho.CpuArm64}[p.arch]; file.Cpu != wanted {
		return fmt.Errorf("it is for %v, not %v", file.Cpu, wanted)
	}
	const codeSignature = 0x1d // LC_CODE_SIGNATURE
	for _, load := range file.Loads {
		if raw := load.Raw(); file.ByteOrder.Uint32(raw) == codeSignature {
			return nil
		}
	}
	if p.arch == "arm64" {
		return errors.New("the linker left no signature in it")
	}
	return nil
}

// inspectPE has a program for Windows with its icon, its manifest and its version; the one with a window opens no console.
func inspectPE(p program, of *version) error {
	file, err := pe.Open(p.file)
	if err != nil {
		return err
	}
	defer file.Close()
	header, ok := file.OptionalHeader.(*pe.OptionalHeader64)
	if !ok || file.Machine != pe.IMAGE_FILE_MACHINE_AMD64 {
		return fmt.Errorf("it is for machine %#x, not amd64", file.Machine)
	}
	subsystem := map[bool]uint16{false: pe.IMAGE_SUBSYSTEM_WINDOWS_CUI, true: pe.IMAGE_SUBSYSTEM_WINDOWS_GUI}[p.window]
	if header.Subsystem != subsystem {
		return fmt.Errorf("its subsystem is %d, not %d", header.Subsystem, subsystem)
	}
	content, err := os.Open(p.file)
	if err != nil {
		return err
	}
	defer content.Close()
	set, err := winres.LoadFromEXE(content)
	if err != nil {
		return err
	}
	there := map[winres.Identifier]int{}
	var said *windowsversion.Info
	set.Walk(func(kind, _ winres.Identifier, _ uint16, content []byte) bool {
		there[kind]++
		if kind == winres.RT_VERSION {
			said, err = windowsversion.FromBytes(content)
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	for _, kind := range []winres.ID{winres.RT_GROUP_ICON, winres.RT_MANIFEST, winres.RT_VERSION} {
		if there[kind] != 1 {
			return fmt.Errorf("it has %d resources of kind %d", there[kind], kind)
		}
	}
	numbers, err := of.Numbers()
	if err != nil {
		return err
	}
	if [3]uint16(said.FileVersion[:3]) != numbers {
		return fmt.Errorf("its details say version %v, not %v", said.FileVersion, numbers)
	}
	return nil
}
