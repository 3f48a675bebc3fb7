package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/uuid"
)

// writeBOM writes what a program is made of, as CycloneDX. Its number follows from the commit and the kind of program: the
// same program has the same.
func (d *dist) writeBOM(p program) error {
	self := cyclonedx.Component{
		BOMRef: "consentry", Type: cyclonedx.ComponentTypeApplication, Name: "consentry", Version: d.version.Plain(),
		Description: "for " + p.target.String(), Licenses: licencesOf([]string{"Apache-2.0"}),
		Properties: &[]cyclonedx.Property{{Name: "commit", Value: d.version.Commit}},
	}
	var components []cyclonedx.Component
	var refs []string
	for _, part := range p.parts {
		c := cyclonedx.Component{
			BOMRef: strings.ReplaceAll(part.key(), " ", "-"), Type: cyclonedx.ComponentTypeLibrary, Name: part.Name, Version: part.Version,
			Licenses: licencesOf(d.licences[part.key()].ids),
		}
		switch {
		case part.module:
			c.PackageURL = "pkg:golang/" + part.Name + "@" + part.Version
		case part.Name == golang:
			c.PackageURL = "pkg:golang/std@" + part.Version
		}
		components, refs = append(components, c), append(refs, c.BOMRef)
	}
	bom := cyclonedx.NewBOM()
	bom.SerialNumber = "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL, []byte("consentry/"+d.version.Commit+"/"+p.target.String())).String()
	bom.Metadata = &cyclonedx.Metadata{Timestamp: d.version.Date.UTC().Format(time.RFC3339), Component: &self}
	bom.Components = &components
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: self.BOMRef, Dependencies: &refs}}
	file, err := os.Create(d.outFile(fmt.Sprintf("consentry-%s-%s.cdx.json", d.version.Plain(), p.target)))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := cyclonedx.NewBOMEncoder(file, cyclonedx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cyclonedx.SpecVersion1_6); err != nil {
		return err
	}
	return file.Close()
}

// patents is what licensecheck calls Google's grant beside Go's licence, which SPDX has no name for.
const patents = "GooglePatentsFile"

func licencesOf(ids []string) *cyclonedx.Licenses {
	var all cyclonedx.Licenses
	for _, id := range ids {
		license := &cyclonedx.License{ID: id}
		if id == patents {
			license = &cyclonedx.License{Name: "Additional IP Rights Grant (Patents) of Google"}
		}
		all = append(all, cyclonedx.LicenseChoice{License: license})
	}
	return &all
}
