// The words from which invented people and their addresses are put together.

const words = (list: string): readonly string[] => list.trim().split(/\s+/);

export const givenNames = words(`
  Aaliyah Abigail Adam Adebayo Agnieszka Ahmed Aisha Alasdair Aleksandra Alice Amara Amelia Amir Ana Andrei Aneeka Anita
  Anthony Arjun Beatriz Benjamin Bethan Blessing Bogdan Brendan Callum Carlos Catherine Chantelle Charlotte Chidi Chloe
  Claire Daniel David Deepa Dilys Dmitri Edward Efua Eilidh Elena Emily Emre Esther Fatima Femi Fiona Florence Freya
  George Grace Gurpreet Hannah Harjit Harry Hassan Helen Hui Ibrahim Imran Isabella Isla Ivan Jack Jacob James Jamila
  Joanna Joseph Joshua Karen Kamila Katarzyna Kenneth Khadija Kofi Kwame Layla Leila Leon Liam Lily Linh Lucy Luis Lukasz
  Magdalena Maisie Manuel Margaret Maria Mark Mateusz Maya Mehmet Mei Mohammed Monika Naomi Neha Ngozi Niamh Nikolai
  Noah Nuno Olivia Omar Owen Patience Patricia Paul Peter Priya Rachel Rahim Rhys Rosa Ruth Samuel Sara Seren Sian Simon
  Sofia Sunita Svetlana Tariq Thandiwe Thomas Tomasz Victoria Wei William Yasmin Yusuf Zainab Zara Zofia
`);

export const surnames = words(`
  Abbott Abdi Achebe Adeyemi Agarwal Ahmed Akhtar Ali Allen Andersson Antunes Asante Bailey Baker Balogun Banerjee Barnes
  Begum Bell Bennett Bhatt Boateng Bowen Brown Byrne Campbell Carter Castillo Chan Chaudhry Chen Chowdhury Clarke Cohen
  Cooper Costa Cox Cruz Das Davies Demir Desai Dhillon Diallo Dimitrov Doherty Douglas Dubois Edwards Ellis Evans
  Farah Fernandes Ferreira Flynn Fraser Garcia Georgiou Gibson Gill Gomes Gordon Graham Green Griffiths Gupta Hall Harris
  Hassan Henry Hill Holmes Horvat Hughes Hussain Ibrahim Ionescu Iqbal Jackson James Jenkins Johnson Jones Kamara Kang
  Kapoor Kaur Kelly Khan Kowalska Kowalski Kumar Lam Lee Lewis Lopes Lopez MacDonald Mahmood Malik Martin Martinez Mensah
  Miah Mitchell Mohamed Moore Morgan Morris Murphy Murray Mwangi Nasser Ndlovu Nguyen Novak Nowak Obi O'Brien O'Connor
  O'Neill Okafor Osei Owusu Papadopoulos Parker Patel Pereira Petrov Phillips Popescu Price Quinn Rahman Ramos Rana Rashid
  Reid Rees Roberts Robinson Rodrigues Rossi Sahin Santos Saunders Schmidt Scott Shah Sharma Silva Simpson Singh Smith
  Smith-Jones Stewart Sutherland Suzuki Taylor Thapa Thomas Thompson Torres Tran Turner Uddin Varga Wagner Walker Walsh
  Ward Watson Webb White Williams Wilson Wojcik Wong Wood Wright Yilmaz Yusuf Zhang
`);

export const streets = words(`
  Albert Alder Ash Barlow Beech Bridge Canal Castle Cedar Chapel Church Claremont Corporation Cross Dale Elm Factory Forge
  Grange Green Grove Hawthorn High Hill Ivy King Lime Lock Manor Market Mill Moor Oak Orchard Park Quarry Queen Railway
  Rectory Sycamore Station Temple Tower Union Victoria Viaduct Warren Waterloo Wellington Willow
`);

export const waysNamed = ['Street', 'Street', 'Road', 'Road', 'Lane', 'Avenue', 'Close', 'Terrace', 'Place'] as const;
